/** What a page of the application is. */

export interface Page {
  /** Shown in the window's title. */
  readonly title: string;
  /** Draw into `main` until `signal` is aborted, which happens when another page is opened. */
  show(main: HTMLElement, signal: AbortSignal): Promise<void>;
  /** The parameters changed and the path did not; `false` draws the page anew. */
  change?(): boolean;
  /** Keys of this page, by `KeyboardEvent.key`. */
  readonly keys?: Readonly<Record<string, () => void>>;
}

export type Opener = (path: readonly string[], parameters: URLSearchParams) => Page;

/** Making elements. Text from telemetry becomes text nodes and nothing else: nowhere in this page is markup parsed. */

export type Child = Node | string | number | null | undefined | false | readonly Child[];
export type Value = string | number | boolean | null | undefined | ((event: never) => void);
export type Properties = { readonly [name: string]: Value };

const SVG = "http://www.w3.org/2000/svg";

/** What no reader can see but a browser acts on: control characters, and those that turn the order of letters round. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** `text` with unseen characters written as their code, such as ‹202E›. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (found) =>
    found === "\r" ? "" : `‹${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}›`,
  );
}

/** An HTML element with attributes, listeners (`onclick`) and children. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  setAll(element, properties);
  append(element, children);
  return element;
}

/** An SVG element. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(SVG, tag);
  setAll(element, properties);
  append(element, children);
  return element;
}

/** Put `children` in place of what `element` holds. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  append(element, children);
}

/** A size or place that a stylesheet cannot know. */
export function place(element: HTMLElement | SVGElement, style: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value);
}

function setAll(element: Element, properties: Properties): void {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) set(element, name, String(value));
  }
}

function set(element: Element, name: string, value: string): void {
  if (name.startsWith("on") || name === "style") throw new Error(`${name} is no attribute to set`);
  if (name === "href" && !/^\/(?!\/)/.test(value)) throw new Error("links stay on this page");
  element.setAttribute(name, visible(value));
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(element, child as readonly Child[]);
    else if (child instanceof Node) element.append(child);
    else element.append(visible(String(child)));
  }
}

/** What the server answers; `console/spanwise/view` says what each field means. Times are microseconds since 1970. */

export interface Sums {
  readonly calls: number;
  readonly errors: number;
  readonly cost_usd: number | null;
  readonly unpriced: number;
  readonly estimated: number;
  readonly foreign: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
}

export interface Overview extends Sums {
  readonly store: string;
  readonly spans: number;
  readonly p50_s: number | null;
  readonly p95_s: number | null;
}

export interface Price {
  readonly cost: number | null;
  readonly currency: string | null;
  readonly cost_status: string | null;
  readonly cost_reason: string | null;
}

export interface Call extends Price {
  readonly trace_id: string;
  readonly span_id: string;
  readonly start_us: number;
  readonly duration_s: number;
  readonly name: string;
  readonly operation: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly service: string | null;
  readonly user: string | null;
  readonly session: string | null;
  readonly prompt_name: string | null;
  readonly prompt_version: string | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly error_type: string | null;
  readonly refused: boolean;
  readonly time_to_first_chunk_s: number | null;
  readonly resends: number | null;
  readonly redaction_count: number | null;
}

export type Next = { readonly before: string } & Readonly<Record<string, string>>;

export interface Calls {
  readonly calls: readonly Call[];
  readonly next?: Next;
}

export interface TraceRow extends Sums {
  readonly trace_id: string;
  readonly start_us: number;
  readonly duration_s: number;
  readonly name: string;
  readonly service: string | null;
  readonly user: string | null;
  readonly session: string | null;
  readonly spans: number;
  readonly refused: number;
  readonly redactions: number;
}

export interface Traces {
  readonly traces: readonly TraceRow[];
  readonly next?: Next;
}

export interface SpanRow extends Price {
  readonly span_id: string;
  readonly parent_span_id: string | null;
  readonly depth: number;
  readonly offset_s: number;
  readonly duration_s: number;
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly error_type: string | null;
  readonly service: string | null;
  readonly operation: string | null;
  readonly provider: string | null;
  readonly request_model: string | null;
  readonly response_model: string | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly cache_write_tokens: number | null;
  readonly reasoning_tokens: number | null;
  readonly time_to_first_chunk_s: number | null;
  readonly finish_reasons: readonly string[];
  readonly resends: number | null;
  readonly refused: boolean;
  readonly redaction_count: number | null;
  readonly redaction_kinds: readonly string[];
  readonly duplicate_of: string | null;
  readonly model_call: boolean;
  readonly unpriced: boolean;
  readonly prompt_name: string | null;
  readonly prompt_version: string | null;
  readonly user: string | null;
  readonly session: string | null;
  readonly tenant: string | null;
  readonly tool: string | null;
  readonly agent: string | null;
}

export interface Trace {
  readonly trace_id: string;
  readonly start_us: number;
  readonly duration_s: number;
  readonly omitted: number;
  readonly spans: readonly SpanRow[];
  readonly scores: readonly Score[];
}

export interface Part {
  readonly kind?: string;
  readonly name?: string;
  readonly id?: string;
  readonly text?: string;
  readonly score?: number | null;
}

export interface Message {
  readonly role: string;
  readonly name?: string;
  readonly parts: readonly Part[];
  readonly omitted?: number;
}

export interface Transcript {
  readonly instructions?: readonly Part[];
  readonly input?: readonly Message[];
  readonly output?: readonly Message[];
  readonly arguments?: string;
  readonly result?: string;
  readonly documents?: readonly Part[];
  readonly tools?: readonly Part[];
}

export interface Score {
  readonly name: string;
  readonly value: number | string | boolean | null;
  readonly label: string | null;
  readonly comment: string | null;
  readonly source?: string | null;
  readonly span_id?: string | null;
}

export interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly cut?: number;
}

export interface SpanEvent {
  readonly name: string;
  readonly time_us: number | null;
  readonly attributes: readonly Attribute[];
}

export interface Span {
  readonly status: string;
  readonly status_description: string | null;
  readonly kind: string;
  readonly scope: string | null;
  readonly transcript: Transcript;
  readonly attributes: readonly Attribute[];
  readonly content: readonly Attribute[];
  readonly events: readonly SpanEvent[];
  readonly links: readonly { readonly trace_id: string; readonly span_id: string }[];
  readonly resource: readonly Attribute[];
}

export interface SessionRow extends Sums {
  readonly key: string;
  readonly turns: number;
  readonly user: string | null;
  readonly start_us: number;
  readonly end_us: number;
  readonly refused: number;
}

export interface Sessions {
  readonly sessions: readonly SessionRow[];
}

export interface Turn extends TraceRow {
  readonly asked: string | null;
  readonly answered: string | null;
}

export interface Session {
  readonly id: string;
  readonly turns: readonly Turn[];
}

export interface Version extends Sums {
  readonly name: string;
  readonly version: string | null;
  readonly refused: number;
  readonly cost_per_call_usd: number | null;
  readonly p50_s: number | null;
  readonly p95_s: number | null;
  readonly start_us: number;
  readonly end_us: number;
  readonly models: readonly (string | null)[];
  readonly scores: readonly { readonly score: string; readonly mean: number; readonly count: number }[];
}

export interface Prompts {
  readonly prompts: readonly { readonly name: string; readonly versions: readonly Version[] }[];
}

export interface Line {
  readonly old: number | null;
  readonly new: number | null;
  readonly left: string | null;
  readonly right: string | null;
}

export interface Difference {
  readonly known: boolean;
  readonly reason?: string;
  readonly lines?: readonly Line[];
}

export interface Money {
  readonly cost_usd?: number | null;
  readonly unpriced: number;
  readonly estimated: number;
  readonly foreign: number;
}

export interface CostPoint extends Money {
  readonly at: string;
  readonly model: string;
  readonly calls: number;
}

export interface TimePoint {
  readonly at: string;
  readonly p50_s: number;
  readonly p95_s: number;
  readonly p99_s: number;
  readonly first_chunk_p50_s: number | null;
  readonly calls: number;
  readonly errors: number;
}

export interface ErrorPoint {
  readonly at: string;
  readonly kind: string;
  readonly calls: number;
}

export interface Ranked extends Sums {
  readonly key: string;
  readonly p50_s: number;
  readonly p95_s: number;
  readonly cache_read_tokens: number;
}

export interface Reports {
  readonly step: "hour" | "day";
  readonly steps: readonly string[];
  readonly models: readonly string[];
  readonly cost: readonly CostPoint[];
  readonly time: readonly TimePoint[];
  readonly errors: readonly ErrorPoint[];
  readonly tables: Readonly<Partial<Record<"user" | "model" | "prompt" | "tenant" | "error", readonly Ranked[]>>>;
}

export interface AlertRow {
  readonly id: string;
  readonly labels: string;
  readonly state: string;
  readonly severity: string;
  readonly value: string;
  readonly since_us: number | null;
  readonly means: string;
  readonly reason: string;
}

export interface BudgetRow {
  readonly name: string;
  readonly key: string;
  readonly per: string;
  readonly action: string;
  readonly limit_usd: number;
  readonly spent_usd: number;
  readonly unpriced: number;
  readonly calls: number;
  readonly resets_us: number | null;
}

export interface Alerts {
  readonly alerts: readonly AlertRow[];
  readonly budgets: readonly BudgetRow[];
  readonly notes: readonly string[];
}

export type Facets = Readonly<Record<string, readonly { readonly value: string; readonly calls: number }[]>>;

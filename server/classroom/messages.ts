/** What passes through the pipes of a learner's server's process, a line of JSON each. */

/** Down to the process. */
export type ToChild =
  | { readonly load: Load }
  /** An order of the page's, as it came: JSON of its own. */
  | { readonly order: string }
  /** Answered when everything before it has been done. */
  | { readonly beat: number };

export interface Load {
  /** JavaScript: the learner's module. */
  readonly code: string;
  /** Modules that are evaluated beside it, JavaScript too, by the names of their files. */
  readonly modules: Readonly<Record<string, string>>;
}

/** Up from the process. None of it is believed: `classroom.ts` reads it as it would read a stranger's. */
export type FromChild =
  /** Reports for the page, each of them JSON of its own. */
  | { readonly said: readonly string[] }
  /** It cannot go on, and why. */
  | { readonly ended: string }
  | { readonly loaded: true }
  | { readonly beat: number };

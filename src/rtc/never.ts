/** Ends a `switch` over a union: a variant without a case of its own does not compile. @throws {TypeError} always */
export function never(value: never): never {
  throw new TypeError(`unexpected ${JSON.stringify(value)}`);
}

/** What was given and cannot be used: options, files, or data. The same input fails again. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly found: string;
  readonly allowed: string;
  readonly whatToDo: string;

  constructor(facts: Pick<InputError, "found" | "allowed" | "whatToDo">, options?: ErrorOptions) {
    super(`Found ${facts.found}; allowed: ${facts.allowed}. ${facts.whatToDo}`, options);
    this.found = facts.found;
    this.allowed = facts.allowed;
    this.whatToDo = facts.whatToDo;
  }
}

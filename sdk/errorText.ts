// The form of the sentences about an error.

/** The sentences about one error. */
export interface ErrorText {
  /** What was found. */
  readonly found: string;
  /** What is allowed. */
  readonly allowed: string;
  /** What to do. */
  readonly remedy: string;
  /** Whether the same call can succeed later, without a change of its caller's rights or of its form. */
  readonly isRetryable: boolean;
}

/** An error that time, prices or other people's actions can lift. */
export function retryable(found: string, allowed: string, remedy: string): ErrorText {
  return { found, allowed, remedy, isRetryable: true };
}

/** An error that stays as long as the call stays as it is. */
export function final(found: string, allowed: string, remedy: string): ErrorText {
  return { found, allowed, remedy, isRetryable: false };
}

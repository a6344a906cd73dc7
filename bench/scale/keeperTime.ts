/** How long a look of the keeper takes in memory, for so many accounts: medians of several passes. */
export interface KeeperTime {
  readonly accounts: number;
  /** which accounts are to be read again [ms] */
  readonly filterMs: number;
  /** health and status of every account, from its snapshot [ms] */
  readonly evaluateMs: number;
  /** what is to be done, if every account was read [ms] */
  readonly tasksMs: number;
  /** accounts to be read again after the prices moved */
  readonly doubtful: number;
  readonly tasks: number;
  /** heap for what the keeper remembers of an account [bytes] */
  readonly sightingBytes: number;
}

/** A part of it for one account [µs] */
export function perAccountUs(
  time: KeeperTime,
  part: "filterMs" | "evaluateMs" | "tasksMs",
): number {
  return (time[part] * 1_000) / time.accounts;
}

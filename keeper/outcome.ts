// What became of tasks.
import type { SuretyError } from "../sdk/errors.ts";
import type { Task } from "./tasks.ts";

/** What became of a task. */
export type Outcome =
  | { readonly type: "done"; readonly task: Task; readonly hash: string }
  /** Mined, and refused by the contract: somebody was first in the block. */
  | { readonly type: "reverted"; readonly task: Task; readonly hash: string }
  /** Refused before it was sent, for a reason that keepers live with. */
  | { readonly type: "dropped"; readonly task: Task; readonly error: SuretyError }
  /** Refused for a reason that nobody knows, by a token or another contract: the account waits for a while. */
  | {
      readonly type: "putAside";
      readonly task: Task;
      readonly error: SuretyError;
      readonly untilBlock: number;
    }
  /** Not sent: the plan is void, earns too little, or cash is short. */
  | { readonly type: "skipped"; readonly task: Task; readonly reason: string }
  /** Would be sent, in mode `dry-run`. */
  | { readonly type: "planned"; readonly task: Task };

/** A task for the log. */
export function factsOf(task: Task): Readonly<Record<string, unknown>> {
  const { type, valueAtRisk, ...facts } = task;
  return { task: type, ...facts, valueAtRisk };
}

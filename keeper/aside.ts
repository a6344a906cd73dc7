// Tasks that the chain refuses for a reason nobody knows, such as a token that is paused or blocks an address: each is put aside
// for a growing number of blocks, so that it neither ends the keeper nor fills its log. Pure: no chain, no clock.
import type { Task } from "./tasks.ts";

/** A task about one account. */
export type AccountTask = Extract<Task, { readonly account: unknown }>;

const FIRST_BLOCKS = 2;
/** Longer would leave an account alone for long after its token moves again. */
const MOST_BLOCKS = 64;

interface Entry {
  readonly blocks: number;
  readonly untilBlock: number;
}

/** Remembers which tasks wait, by account and kind: one that cannot be liquidated can still be called or cleared. */
export class Aside {
  readonly #entries = new Map<string, Entry>();

  /** Whether a task still waits at a block. */
  holds(task: Task, block: number): boolean {
    const entry = isAboutAccount(task) ? this.#entries.get(keyOf(task)) : undefined;
    return entry !== undefined && block < entry.untilBlock;
  }

  /** Puts a task aside, twice as long as the last time; gives the block at which it is tried again. */
  put(task: AccountTask, block: number): number {
    const last = this.#entries.get(keyOf(task));
    const blocks = last === undefined ? FIRST_BLOCKS : Math.min(last.blocks * 2, MOST_BLOCKS);
    const untilBlock = block + blocks;
    this.#entries.set(keyOf(task), { blocks, untilBlock });
    return untilBlock;
  }

  /** The task was not refused any more. */
  release(task: AccountTask): void {
    this.#entries.delete(keyOf(task));
  }

  /** After a reorganisation block numbers begin again. */
  clear(): void {
    this.#entries.clear();
  }
}

/** Whether a task is about one account, as opposed to what all share. */
export function isAboutAccount(task: Task): task is AccountTask {
  return "account" in task;
}

function keyOf({ type, account }: AccountTask): string {
  return `${type} ${account}`;
}

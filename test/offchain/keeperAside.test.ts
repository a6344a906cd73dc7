import { assert } from "chai";
import { type AccountTask, Aside } from "../../keeper/aside.ts";
import type { Task } from "../../keeper/tasks.ts";
import { parseAccountId } from "../../sdk/accountId.ts";

const taskOf = (digits: string): AccountTask => ({
  type: "liquidate",
  account: parseAccountId(`0x${digits.repeat(32)}`),
  liquidations: 0n,
  valueAtRisk: 1n,
});

describe("tasks that are put aside", () => {
  it("wait twice as long each time, at most 64 blocks", () => {
    const aside = new Aside();
    const task = taskOf("11");
    const waits = [100, 100, 100, 100, 100, 100, 100].map((block) => aside.put(task, block) - 100);
    assert.deepEqual(waits, [2, 4, 8, 16, 32, 64, 64]);
  });

  it("are tried again at the block that was told", () => {
    const aside = new Aside();
    const task = taskOf("11");
    assert.isFalse(aside.holds(task, 10));
    assert.equal(aside.put(task, 10), 12);
    assert.isTrue(aside.holds(task, 11));
    assert.isFalse(aside.holds(task, 12));
  });

  it("begin anew after they passed, and after a reorganisation", () => {
    const aside = new Aside();
    const task = taskOf("11");
    aside.put(task, 10);
    aside.put(task, 12);
    aside.release(task);
    assert.equal(aside.put(task, 20), 22);
    aside.clear();
    assert.isFalse(aside.holds(task, 20));
  });

  it("keep neither other accounts nor other kinds of tasks waiting", () => {
    const aside = new Aside();
    const task = taskOf("11");
    aside.put(task, 10);
    const { account, valueAtRisk } = task;
    const others: readonly Task[] = [
      taskOf("22"),
      { type: "clear", account, reason: "pause", valueAtRisk },
      { type: "updateSlowAverages", assetIds: [1n], valueAtRisk: 0n },
    ];
    assert.deepEqual(
      others.map((other) => aside.holds(other, 10)),
      [false, false, false],
    );
  });
});

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { assert } from "chai";
import { createKeeper } from "../../keeper/keeper.ts";
import { checkInvariants } from "../../scripts/demo/invariants.ts";
import { runPolicies } from "../../scripts/demo/policies.ts";
import { type PriceFile, readPriceFile } from "../../sdk/priceFile.ts";
import { replay } from "../../scripts/demo/replay.ts";
import { countEntries, readEntries, sumEntries } from "../../scripts/demo/tally.ts";
import { makeWorld } from "../../scripts/demo/world.ts";

const FILE = fileURLToPath(
  new URL("../../risk/prices/2020-03-black-thursday-1h.csv", import.meta.url),
);
const ACCOUNTS = 24;
const SEED = 11;

/** Rows of the crash itself: 12 March 2020, 00:00, to 13 March, 12:00 UTC. */
function crashOf(file: PriceFile): PriceFile {
  const from = file.unix.indexOf(Date.UTC(2020, 2, 12) / 1000);
  const rows = 36;
  assert.isAtLeast(from, 0);
  const cut = (column: readonly (bigint | undefined)[]) => column.slice(from, from + rows);
  return {
    ...file,
    unix: file.unix.slice(from, from + rows),
    prices: new Map([...file.prices].map(([name, column]) => [name, cut(column)])),
    extras: new Map([...file.extras].map(([name, column]) => [name, cut(column)])),
  };
}

function assertWithinPercent(percent: bigint, found: bigint, expected: bigint): void {
  assert(expected > 0n);
  const distance = found > expected ? found - expected : expected - found;
  const isWithin = distance * 100n <= expected * percent;
  assert(isWithin, `found ${found}, expected ${expected} within ${percent} %`);
}

describe("a crash, replayed with owners, lenders and the keeper", () => {
  it("reaches calls, cures, expiries, liquidations and write-offs, and breaks no invariant", async () => {
    const file = crashOf(await readPriceFile(FILE, readFile));
    const world = await makeWorld({
      file,
      accounts: ACCOUNTS,
      seed: SEED,
      curing: 0.5,
      onProgress: () => {},
    });
    const keeper = await createKeeper({
      provider: world.system.provider,
      vault: world.system.vaultAddress,
      signer: world.keeper,
    });
    const moments = await replay(world, keeper, file, () => {});
    const entries = await readEntries(world.system, moments, world.startBlock + 1);
    const counts = countEntries(entries);
    const reached = [
      counts.callsIssued,
      counts.callsCured,
      counts.callsExpired,
      counts.liquidations,
      counts.writeOffs,
    ];
    assert(
      reached.every((count) => count > 0),
      `a part of the story was not reached: ${JSON.stringify(counts)}`,
    );
    const sums = sumEntries(entries);
    const { repaidValue, leastValue } = sums;
    assert(repaidValue >= leastValue, "less was repaid than the least");
    assert(repaidValue * 100n <= leastValue * 102n, "more than 1.02 times the least was repaid");
    const broken = Object.entries(await checkInvariants(world, entries)).filter(([, ok]) => !ok);
    assert.deepEqual(broken, []);
    // The simulator of `--policy` tells the same story. On a chain every transaction takes a second and debts bear interest, so
    // an account at its line or its deadline may go the other way: of 24 accounts one or two.
    const options = {
      file,
      accounts: ACCOUNTS,
      seed: SEED,
      curing: 0.5,
      policy: "surety",
    } as const;
    const simulated = runPolicies(options).get("surety-curing");
    assert(simulated !== undefined);
    assert.closeTo(simulated.accountsTouched, counts.accountsTouched, 1);
    assertWithinPercent(2n, simulated.repaidValue, repaidValue);
    assertWithinPercent(5n, simulated.ownersLossValue, sums.bonusValue + sums.feesValue);
    await world.close();
  });
});

import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "chai";
import { type PolicyChoice, type PolicyRuns, runPolicies } from "../../scripts/demo/policies.ts";
import { policyInvariants } from "../../scripts/demo/policyReport.ts";
import { readPriceFile } from "../../sdk/priceFile.ts";

const PRICES = fileURLToPath(new URL("../../risk/prices/", import.meta.url));
const FILES = globSync("*.csv", { cwd: PRICES }).sort();
const ACCOUNTS = 200;
const SEED = 7;
const SHORT = "2020-09-05-eth-10m.csv";
/** Prices fell too little in these: no account was uncovered under any policy. */
const NOTHING_HAPPENED = ["2023-03-usdc-1m.csv"];
describe("the same accounts and prices under several rules, nobody cures", () => {
  for (const name of FILES) {
    it(`${name}: repays the least, leaves no more bad debt than Aave v3, breaks no invariant`, async () => {
      const runs = await runFile(name);
      for (const [sentence, held] of Object.entries(policyInvariants(runs))) assert(held, sentence);
      const { surety, aave, compound } = pick(runs);
      const touched = [surety, aave, compound].map(({ accountsTouched }) => accountsTouched);
      if (NOTHING_HAPPENED.includes(name)) return assert.deepEqual(touched, [0, 0, 0]);
      assert(
        touched.every((count) => count > 0),
        `nothing was liquidated under a policy: ${touched}`,
      );
      assert(surety.repaidValue * 100n <= surety.leastValue * 102n, "over-liquidation above 1.02");
      assert(surety.badDebtValue <= aave.badDebtValue, "more bad debt than under Aave's rule");
    });

    it(`${name}: owners lose at most half of what Aave's rule takes`, async () => {
      const { surety, aave } = pick(await runFile(name));
      assert(surety.ownersLossValue * 2n <= aave.ownersLossValue, "owners' loss");
      const both = surety.ownersLossValue + surety.badDebtValue;
      assert(both * 2n <= aave.ownersLossValue + aave.badDebtValue, "owners' loss + bad debt");
      assert(surety.badDebtValue <= aave.badDebtValue, "bad debt");
      assert(surety.repaidValue * 100n <= surety.leastValue * 102n, "over-liquidation above 1.02");
    });
  }

  it("gives the same result again, and other accounts with another seed", async () => {
    const [first, again] = [await runFile(SHORT), await runFile(SHORT)];
    assert.deepEqual([...first], [...again]);
    const other = await runFile(SHORT, SEED + 1);
    assert.notEqual(other.get("surety")?.repaidValue, first.get("surety")?.repaidValue);
  });

  it("runs what is asked for", async () => {
    const names = async (policy: PolicyChoice) => [...(await runFile(SHORT, SEED, policy)).keys()];
    assert.deepEqual(await names("surety"), ["surety", "surety-curing"]);
    assert.deepEqual(await names("aave-v3"), ["aave-v3"]);
    assert.deepEqual(await names("compound-v3"), ["compound-v3"]);
    assert.deepEqual(await names("all"), ["surety", "surety-curing", "aave-v3", "compound-v3"]);
  });

  it("lets owners who answer their calls lose less in a crash that ends", async () => {
    const runs = await runFile("2024-08-yen-carry-1h.csv");
    const [silent, cured] = [runs.get("surety"), runs.get("surety-curing")];
    assert(silent !== undefined && cured !== undefined);
    assert.isAbove(cured.callsCured, silent.callsCured);
    assert.isBelow(cured.accountsTouched, silent.accountsTouched);
    assert(cured.ownersLossValue < silent.ownersLossValue);
  });
});

async function runFile(
  name: string,
  seed = SEED,
  policy: PolicyChoice = "all",
): Promise<PolicyRuns> {
  const file = await readPriceFile(path.join(PRICES, name), readFile);
  return runPolicies({ file, accounts: ACCOUNTS, seed, curing: 0.5, policy });
}

function pick(runs: PolicyRuns) {
  const [surety, aave, compound] = [
    runs.get("surety"),
    runs.get("aave-v3"),
    runs.get("compound-v3"),
  ];
  assert(surety !== undefined && aave !== undefined && compound !== undefined);
  return { surety, aave, compound };
}

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { assert } from "chai";
import { type Ended, runCommand } from "../support/command.ts";

function demo(...args: readonly string[]): Promise<Ended> {
  return runCommand("scripts/demo.ts", ...args);
}

describe("npm run demo", () => {
  let folder = "";

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "surety-demo-"));
  });

  after(async () => {
    await rm(folder, { recursive: true });
  });

  async function priceFile(text: string): Promise<string> {
    const file = path.join(folder, `${Math.abs(hash(text))}.csv`);
    await writeFile(file, text);
    return file;
  }

  it("explains its options", async () => {
    const { code, out } = await demo("--help");
    assert.equal(code, 0);
    for (const option of ["--prices", "--accounts", "--seed", "--json", "--haircuts", "--policy"]) {
      assert.include(out, option);
    }
  });

  it("refuses a policy it does not know, naming those that it does", async () => {
    const { code, err } = await demo("--policy", "aave");
    assert.notEqual(code, 0);
    assert.include(err, 'Found "aave", allowed: surety, aave-v3, compound-v3, all');
  });

  it("refuses haircuts of a kind it does not know, and any beside policies", async () => {
    const unknown = await demo("--haircuts", "guessed");
    assert.notEqual(unknown.code, 0);
    assert.include(unknown.err, 'Found "guessed", allowed: static, measured');
    const both = await demo("--haircuts", "measured", "--policy", "surety");
    assert.notEqual(both.code, 0);
    assert.include(both.err, "Leave one of them out");
  });

  it("compares policies without a chain, for people and for machines", async () => {
    const json = path.join(folder, "policies.json");
    const { code, out } = await demo("--policy", "all", "--accounts", "40", "--json", json);
    assert.equal(code, 0);
    for (const word of [
      "Surety",
      "Aave v3",
      "Compound v3",
      "Over-liquidation",
      "Keepers act when",
    ]) {
      assert.include(out, word);
    }
    for (const line of out.split("\n")) assert.isAtMost(line.length, 100);
    const { policies } = JSON.parse(await readFile(json, "utf8"));
    assert.hasAllKeys(policies, ["surety", "surety-curing", "aave-v3", "compound-v3"]);
    for (const policy of Object.values<Record<string, unknown>>(policies)) {
      for (const name of ["repaidValue", "leastValue", "ownersLossValue", "badDebtValue"]) {
        assert.match(String(policy[name]), /^\d+(\.\d+)?$/);
      }
      assert.match(String(policy["overLiquidation"]), /^\d\.\d+$/);
      assert.isAbove(Number(policy["accountsTouched"]), 0);
    }
    const alone = await demo("--policy", "aave-v3", "--accounts", "10");
    assert.include(alone.out, "Aave v3");
    assert.notInclude(alone.out, "Compound");
  });

  it("refuses options it does not know and values out of bounds", async () => {
    const unknown = await demo("--acounts", "5");
    assert.notEqual(unknown.code, 0);
    assert.include(unknown.err, "--acounts");
    for (const value of ["0", "-3", "2.5", "many", "10001"]) {
      const { code, err } = await demo(`--accounts=${value}`);
      assert.notEqual(code, 0);
      assert.include(err, `Found "${value}", allowed: a whole number from 1 to 10000`);
    }
  });

  it("refuses bad price files with file, line, and what to do, before anything is deployed", async () => {
    const cases: readonly (readonly [string, string])[] = [
      ["time,WETH\n1,2\n", "unix"],
      ["unix,WETH\n7200,100\n3600,101\n", "line 3"],
      ["unix,WETH\n3600,100\n7200,-1\n", "-1"],
      ["unix,WETH\n3600,100\n7200,abc\n", "abc"],
      ["unix,WETH,WBTC\n3600,100\n", "line 2"],
    ];
    for (const [text, fact] of cases) {
      const file = await priceFile(text);
      const { code, err, out } = await demo("--prices", file);
      assert.equal(code, 1, text);
      assert.include(err, path.basename(file));
      assert.include(err, fact);
      assert.equal(out, "");
    }
    const missing = await demo("--prices", path.join(folder, "nowhere.csv"));
    assert.equal(missing.code, 1);
    assert.include(missing.err, "nowhere.csv");
  });

  it("replays a file with one asset, a gap and a silent feed, and writes both outputs", async () => {
    const rows = [180, 178, 175, 150, "", 140, 90, 95].map((price, row) => {
      const hour = row < 6 ? row : row + 4; // four hours are missing
      return `${1_583_971_200 + hour * 3_600},${price}`;
    });
    const file = await priceFile(`unix,WETH\n${rows.join("\n")}\n`);
    const [json, html] = [path.join(folder, "demo.json"), path.join(folder, "demo.html")];
    const args = ["--prices", file, "--accounts", "6", "--seed", "3", "--haircuts", "measured"];
    const { code, out, err } = await demo(...args, "--json", json, "--html", html);
    assert.equal(code, 0, err);
    assert.include(out, "Margin calls issued");
    const facts: Record<string, unknown> = JSON.parse(await readFile(json, "utf8"));
    for (const key of [
      "callsIssued",
      "callsCured",
      "callsExpired",
      "liquidations",
      "repaidValue",
      "leastValue",
      "bonusValue",
      "badDebtValue",
      "lendersResultValue",
      "invariants",
      "seconds",
    ]) {
      assert.property(facts, key);
    }
    assert.match(String(facts.badDebtValue), /^\d+(\.\d+)?$/);
    const { mode, collaterals, refreshes } = facts.haircuts as {
      readonly mode: string;
      readonly collaterals: Record<string, Record<string, { readonly initialPpm: number }>>;
      readonly refreshes: number;
    };
    assert.equal(mode, "measured");
    assert.isAbove(refreshes, 0);
    const { start, worst } = collaterals.WETH ?? {};
    assert.isAbove(worst?.initialPpm ?? 0, start?.initialPpm ?? 0);
    assert.include(await readFile(html, "utf8"), "<svg");
  });
});

function hash(text: string): number {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + letter.charCodeAt(0)) | 0;
  return sum;
}

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { assert } from "chai";
import { InvalidArgumentError } from "commander";
import type { HaircutsJson } from "../../risk/haircutsJson.ts";
import { parseHorizon, parsePercent, parseVariance } from "../../risk/options.ts";
import { root } from "../../scripts/runTool.ts";
import { type Ended, runCommand } from "../support/command.ts";

const PRICES = path.join(root, "risk", "prices");
const DAY = 86_400;

describe("options of haircuts", () => {
  it("are durations, annual variances and percentages", () => {
    assert.equal(parseHorizon("5d"), 432_000n);
    assert.equal(parseHorizon("36h"), 129_600n);
    assert.equal(parseHorizon("90m"), 5_400n);
    assert.equal(parseVariance("0.64"), 640_000_000_000_000_000n);
    assert.equal(parseVariance("10000"), 10n ** 22n);
    assert.equal(parsePercent("4.5"), 45_000n);
    assert.equal(parsePercent("0.0001%"), 1n);
    assert.equal(parsePercent("100 %"), 1_000_000n);
  });

  it("are nothing else", () => {
    const refused = (parse: (text: string) => bigint, texts: readonly string[]): void => {
      for (const text of texts)
        assert.throws(() => parse(text), InvalidArgumentError, `Found "${text}", allowed: `);
    };
    refused(parseHorizon, ["", "5", "0d", "-1d", "1.5d", "5 d", "366d", "5w", "9999999d", "5D"]);
    refused(parseVariance, [
      "",
      "0",
      "-1",
      "1e3",
      "10000.1",
      "NaN",
      ".5",
      "0x1",
      `0.${"1".repeat(19)}`,
    ]);
    refused(parsePercent, ["", "much", "-1", "100.1", "1.23456", "1e1", "%"]);
  });
});

describe("npm run haircuts", () => {
  let folder = "";

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "surety-haircuts-"));
  });

  after(async () => {
    await rm(folder, { recursive: true });
  });

  function haircuts(...args: readonly string[]): Promise<Ended> {
    const html = args.includes("--html") ? [] : ["--html", path.join(folder, "page.html")];
    return runCommand("risk/haircuts.ts", ...args, ...html);
  }

  async function write(name: string, text: string): Promise<string> {
    const file = path.join(folder, name);
    await writeFile(file, text);
    return file;
  }

  /** A year of daily prices: 100, but at the days named another one. */
  function daily(from: number, count: number, others: Readonly<Record<number, number>>): string {
    const rows = Array.from(
      { length: count },
      (_, day) => `${from + day * DAY},${others[day] ?? 100}`,
    );
    return `unix,WETH\n${rows.join("\n")}\n`;
  }

  it("explains its options", async () => {
    const { code, out } = await haircuts("--help");
    assert.equal(code, 0);
    for (const option of [
      "prices",
      "collateral",
      "obligation",
      "horizon-initial",
      "stress-variance",
      "json",
    ]) {
      assert.include(out, `--${option}`);
    }
  });

  it("measures an event file, for people and for machines", async () => {
    const json = path.join(folder, "ftx.json");
    const svg = path.join(folder, "ftx.svg");
    const html = path.join(folder, "new", "ftx.html");
    const prices = path.join(PRICES, "2022-11-ftx-1h.csv");
    const { code, out, err } = await haircuts(
      "--prices",
      prices,
      "--json",
      json,
      "--svg",
      svg,
      "--html",
      html,
    );
    assert.equal(code, 0, err);
    for (const word of ["WETH", "WBTC", "LINK", "initial", "maintenance", html])
      assert.include(out, word);
    for (const line of out.split("\n").slice(0, -2)) assert.isAtMost(line.length, 100);
    const { files, obligation, rows, results }: HaircutsJson = JSON.parse(
      await readFile(json, "utf8"),
    );
    assert.deepEqual(files, ["2022-11-ftx-1h.csv"]);
    assert.equal(obligation, "USD");
    assert.equal(rows, 504);
    assert.deepEqual(
      results.map(({ asset, level, promised, observations }) => [
        asset,
        level,
        promised,
        observations,
      ]),
      [
        ["WETH", "initial", 0.01, 4], // 504 rows are 503 hours: 4 horizons of 120 h, 10 of 48 h
        ["WETH", "maintenance", 0.05, 10],
        ["WBTC", "initial", 0.01, 4],
        ["WBTC", "maintenance", 0.05, 10],
        ["LINK", "initial", 0.01, 4],
        ["LINK", "maintenance", 0.05, 10],
      ],
    );
    for (const entry of results) {
      assert.lengthOf(entry.beyond, entry.exceedances);
      assert.isAtLeast(entry.kupiecP, 0);
      assert.isAtMost(entry.kupiecP, 1);
      assert.isAbove(entry.averageHaircut, 0);
      assert.isBelow(entry.averageHaircut, 1);
      assert.match(entry.varianceNow, /^\d+\.\d+$/);
    }
    assert.include(await readFile(html, "utf8"), "<svg");
    assert.match(await readFile(svg, "utf8"), /^<svg xmlns=/);
    assert.notInclude((await readdir(folder)).join(" "), ".part");
  });

  it("counts what was worked out by hand", async () => {
    // 100 for 100 days but 50 on day 10: of the 50 maintenance horizons only that from day 8 to 10 loses, and half; of the 20 initial
    // ones that from day 5 to 10. Haircuts are far below: at most 1 − e^(−2.326·√(2·5/365)) = 32 %
    const file = await write("half.csv", daily(1_600_000_000, 101, { 10: 50 }));
    const json = path.join(folder, "half.json");
    const args = [
      "--prices",
      file,
      "--json",
      json,
      "--stress-variance",
      "2",
      "--floor-variance",
      "0.1",
    ];
    const { code, err } = await haircuts(...args);
    assert.equal(code, 0, err);
    const { results }: HaircutsJson = JSON.parse(await readFile(json, "utf8"));
    const facts = results.map(({ level, observations, exceedances, beyond }) => ({
      level,
      observations,
      exceedances,
      from: beyond.map(({ at }) => (at - 1_600_000_000) / DAY),
      losses: beyond.map(({ loss }) => loss),
    }));
    assert.deepEqual(facts, [
      { level: "initial", observations: 20, exceedances: 1, from: [5], losses: [0.5] },
      { level: "maintenance", observations: 50, exceedances: 1, from: [8], losses: [0.5] },
    ]);
    // LR = 2·(ln((1/20)/0.01) + 19·ln((19/20)/0.99)) = 1.6516; half of the tail of χ²(1) beyond it is 0.0994
    near(results[0]?.kupiecP ?? 0, 0.0994, 0.0001);
    assert.equal(results[1]?.kupiecP, 1); // 2 % of 5 % promised
  });

  it("joins files in time order and leaves the gap between them", async () => {
    const early = await write("early.csv", daily(1_600_000_000, 21, {}));
    const late = await write("late.csv", daily(1_600_000_000 + 60 * DAY, 21, {}));
    const json = path.join(folder, "joined.json");
    const { code, err } = await haircuts("--prices", late, early, "--json", json);
    assert.equal(code, 0, err);
    const { files, results }: HaircutsJson = JSON.parse(await readFile(json, "utf8"));
    assert.deepEqual(files, ["early.csv", "late.csv"]);
    const [initial] = results;
    assert.equal(initial?.prices.largestGapSeconds, 40 * DAY);
    assert.equal(initial?.observations, 8); // four in each file
    assert.equal(initial?.skippedHorizons, 1); // the one that ends in the gap
  });

  it("takes a column that is empty in one of the files", async () => {
    const text = daily(1_600_000_000, 21, {}).replaceAll(/^(\d+),100$/gm, "$1,100,");
    const first = await write("unlisted.csv", text.replace("unix,WETH", "unix,WETH,LINK"));
    const second = await write(
      "listed.csv",
      daily(1_600_000_000 + 21 * DAY, 21, {}).replace("unix,WETH", "unix,LINK"),
    );
    const { code, out, err } = await haircuts("--prices", first, second);
    assert.equal(code, 0, err);
    assert.match(out, /LINK\/USD: 21 prices/);
  });

  it("measures a pair on common observations", async () => {
    const json = path.join(folder, "steth.json");
    const prices = path.join(PRICES, "2022-06-steth-1h.csv");
    const { code, err } = await haircuts(
      "--prices",
      prices,
      "--obligation",
      "WETH",
      "--json",
      json,
    );
    assert.equal(code, 0, err);
    const { results }: HaircutsJson = JSON.parse(await readFile(json, "utf8"));
    assert.deepEqual(
      results.map(({ asset, obligation }) => `${asset}/${obligation}`),
      ["STETH/WETH", "STETH/WETH"],
    );
    const { results: unlike }: HaircutsJson = await (async () => {
      const other = path.join(PRICES, "2022-11-ftx-1h.csv");
      const ended = await haircuts(
        "--prices",
        other,
        "--collateral",
        "LINK",
        "--obligation",
        "WETH",
        "--json",
        json,
      );
      assert.equal(ended.code, 0, ended.err);
      return JSON.parse(await readFile(json, "utf8"));
    })();
    assert.equal(results[0]?.settings.pairFloor, "none");
    assert.equal(unlike[0]?.settings.pairFloor, "halfOfLarger");
  });

  it("holds floor, cap and peg", async () => {
    const prices = path.join(PRICES, "2023-03-usdc-1h.csv");
    const json = path.join(folder, "usdc.json");
    const args = ["--prices", prices, "--collateral", "USDC", "--json", json];
    const haircutOf = async (...more: readonly string[]): Promise<number | undefined> => {
      const { code, err } = await haircuts(...args, ...more);
      assert.equal(code, 0, err);
      const { results }: HaircutsJson = JSON.parse(await readFile(json, "utf8"));
      return results[1]?.averageHaircut;
    };
    assert.equal(await haircutOf("--floor", "30", "--cap", "60"), 0.3);
    assert.equal(await haircutOf("--cap", "0.5%"), 0.005);
    assert.isAbove((await haircutOf("--peg", "10")) ?? 0, 0.1);
  });

  it("refuses options it does not know and values out of bounds, with what is allowed", async () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ["--horizon-initial", "5", "minutes, hours or days"],
      ["--horizon-maintenance", "6d", "a maintenance horizon up to the initial one"],
      ["--cap", "0", "a floor up to the cap"],
      ["--curing", "5", "unknown option"],
    ];
    const prices = path.join(PRICES, "2022-11-ftx-1h.csv");
    for (const [option, value, allowed] of cases) {
      const { code, err, out } = await haircuts("--prices", prices, `${option}=${value}`);
      assert.equal(code, 1, option);
      assert.include(err, allowed);
      assert.equal(out, "");
    }
  });

  it("refuses files, columns and spans that it cannot use, and writes nothing", async () => {
    const ftx = path.join(PRICES, "2022-11-ftx-1h.csv");
    const bad = await write("bad.csv", "unix,WETH\n3600,100\n7200,abc\n");
    const empty = await write("nothing.csv", "unix,WETH\n3600,\n7200,\n");
    const short = await write("short.csv", daily(1_600_000_000, 4, {}));
    const cases: readonly (readonly [readonly string[], string])[] = [
      [[path.join(folder, "nowhere.csv")], "nowhere.csv"],
      [[bad], "line 3"],
      [[empty], "no asset beside USD"],
      [[short], "4 common observations of WETH over 3 d"],
      [[ftx, "--collateral", "DOGE"], "WETH, WBTC, LINK"],
      [
        [ftx, "--collateral", "WETH", "--obligation", "WETH"],
        "collateral that is not the obligation",
      ],
      [[ftx, "--horizon-initial", "40d"], "no whole horizon of 40 d"],
    ];
    for (const [args, fact] of cases) {
      const [json, html] = [path.join(folder, "no.json"), path.join(folder, "no.html")];
      const { code, err, out } = await haircuts(
        "--prices",
        ...args,
        "--json",
        json,
        "--html",
        html,
      );
      assert.equal(code, 1, err);
      assert.include(err, fact);
      assert.notInclude(err, "    at ");
      assert.equal(out, "");
      const names = await readdir(folder);
      assert.notInclude(names, "no.json");
      assert.notInclude(names, "no.html");
    }
  });

  it("writes nothing when one of the places cannot be written", async () => {
    const [html, blocked] = [
      path.join(folder, "half.html"),
      path.join(folder, "half.csv", "x.json"),
    ];
    const prices = path.join(PRICES, "2022-11-ftx-1h.csv");
    const { code, err } = await haircuts("--prices", prices, "--html", html, "--json", blocked);
    assert.equal(code, 1);
    assert.include(err, "--json");
    assert.notInclude((await readdir(folder)).join(" "), "half.html");
  });
});

/** chai's own comparison takes whole numbers only once the matchers of Hardhat are loaded */
function near(found: number, expected: number, distance: number, message?: string): void {
  assert.isAtMost(Math.abs(found - expected), distance, message);
}

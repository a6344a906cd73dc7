import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import fc from "fast-check";

import {
  parseDecimal8,
  parsePriceFile,
  PriceFileError,
  readPriceFile,
} from "../../sdk/priceFile.ts";
import type { PriceFileFacts } from "../../sdk/priceFile.ts";

const PRICES = join(import.meta.dirname, "../../risk/prices");

function failureOf(text: string): PriceFileError {
  try {
    parsePriceFile(text, "bad.csv");
  } catch (error) {
    if (error instanceof PriceFileError) return error;
    throw error;
  }
  throw new Error("the file was accepted");
}

function expectFacts(error: PriceFileError, facts: Partial<PriceFileFacts>): void {
  for (const [name, value] of Object.entries(facts)) expect(error).to.have.property(name, value);
  expect(error.allowed).to.not.equal("");
  expect(error.whatToDo).to.match(/^[A-Z].*\.$/);
  expect(error.message).to.include(error.found).and.include(error.allowed).and.include(error.file);
}

describe("parsePriceFile", () => {
  it("reads prices with 8 decimals, exactly", () => {
    const file = parsePriceFile("unix,WETH,USDC\n100,194.52,0.99960001\n200,7,1\n", "a.csv");
    expect(file.name).to.equal("a.csv");
    expect(file.unix).to.deep.equal([100, 200]);
    expect(file.prices.get("WETH")).to.deep.equal([19_452_000_000n, 700_000_000n]);
    expect(file.prices.get("USDC")).to.deep.equal([99_960_001n, 100_000_000n]);
  });

  it("cuts digits after the eighth off", () => {
    const file = parsePriceFile("unix,UST\n100,0.0220797035\n200,0.999999999\n", "a.csv");
    expect(file.prices.get("UST")).to.deep.equal([2_207_970n, 99_999_999n]);
  });

  it("keeps prices that a float cannot hold", () => {
    const file = parsePriceFile("unix,WBTC\n100,123456789012345678.12345678\n", "a.csv");
    expect(file.prices.get("WBTC")).to.deep.equal([12_345_678_901_234_567_812_345_678n]);
  });

  it("takes an empty cell for no observation", () => {
    const file = parsePriceFile("unix,WETH,LINK\n100,,1\n200,5,\n", "a.csv");
    expect(file.prices.get("WETH")).to.deep.equal([undefined, 500_000_000n]);
    expect(file.prices.get("LINK")).to.deep.equal([100_000_000n, undefined]);
  });

  it("keeps columns that are not prices apart, even empty ones and zeros", () => {
    const file = parsePriceFile(
      "unix,WETH,gasPriceGweiP60,poolWeth,stethPerEth\n100,5,0,,0.9305\n",
      "a.csv",
    );
    expect([...file.prices.keys()]).to.deep.equal(["WETH"]);
    expect([...file.extras]).to.deep.equal([
      ["gasPriceGweiP60", [0n]],
      ["poolWeth", [undefined]],
      ["stethPerEth", [93_050_000n]],
    ]);
  });

  it("tells collateral from stablecoins", () => {
    const header = "unix,USDC,WETH,USDT,WBTC,UST,LINK,DAI,STETH,FRAX";
    const file = parsePriceFile(`${header}\n1${",1".repeat(9)}\n`, "a.csv");
    expect(file.collaterals).to.deep.equal(["WETH", "WBTC", "LINK", "STETH"]);
    expect(file.stablecoins).to.deep.equal(["USDC", "USDT", "UST", "DAI", "FRAX"]);
  });

  it("lists gaps against the median spacing", () => {
    const file = parsePriceFile("unix,WETH\n100,1\n200,1\n300,1\n600,1\n700,1\n850,1\n", "a.csv");
    expect(file.medianSpacing).to.equal(100);
    expect(file.gaps).to.deep.equal([{ from: 300, to: 600, seconds: 300, missingRows: 2 }]);
  });

  it("knows no spacing and no gap in a single row", () => {
    const file = parsePriceFile("unix,WETH\n100,1", "a.csv");
    expect(file.medianSpacing).to.equal(0);
    expect(file.gaps).to.deep.equal([]);
  });

  it("accepts a byte order mark, CRLF, quotes, blank lines and any order of columns", () => {
    const file = parsePriceFile('\uFEFFWETH,unix\r\n\r\n"5", 100\r\n6,200\r\n\r\n', "a.csv");
    expect(file.unix).to.deep.equal([100, 200]);
    expect(file.prices.get("WETH")).to.deep.equal([500_000_000n, 600_000_000n]);
  });

  it("reads back every list of prices that it is given", () => {
    const price = fc.option(fc.bigInt(1n, 10n ** 24n), { nil: undefined });
    const prices = fc
      .array(price, { minLength: 1 })
      .filter((all) => all.some((one) => one !== undefined));
    fc.assert(
      fc.property(prices, (expected) => {
        const rows = expected.map((each, index) => `${index + 1},${decimal(each)},1`);
        const file = parsePriceFile(`unix,WETH,USDC\n${rows.join("\n")}`, "a.csv");
        expect(file.prices.get("WETH")).to.deep.equal(expected);
      }),
    );
  });
});

function decimal(price8: bigint | undefined): string {
  if (price8 === undefined) return "";
  const digits = price8.toString().padStart(9, "0");
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
}

describe("parsePriceFile refuses", () => {
  it("an empty file", () => {
    expectFacts(failureOf(""), { problem: "empty", file: "bad.csv", found: "no text" });
    expectFacts(failureOf("\n\n"), { problem: "empty", found: "no text" });
  });

  it("a header without rows", () => {
    expectFacts(failureOf("unix,WETH\n"), { problem: "empty", found: "a header and no rows" });
  });

  it("a file without the column of times", () => {
    const error = failureOf("time,WETH\n100,5\n");
    expectFacts(error, { problem: "missingTimeColumn", line: 1, column: "unix" });
    expect(error.found).to.include("time,WETH");
  });

  it("a file without an asset, and names the assets", () => {
    const error = failureOf("unix,gasPriceGweiP60\n100,5\n");
    expectFacts(error, { problem: "missingAssetColumn", line: 1, column: undefined });
    expect(error.allowed).to.include("WETH").and.include("FRAX").and.not.include("poolDai");
  });

  it("an unknown column, and names the known ones and what to do", () => {
    const error = failureOf("unix,WETH,DOGE\n100,5,1\n");
    expectFacts(error, { problem: "unknownColumn", line: 1, column: "DOGE" });
    expect(error.allowed).to.include("STETH").and.include("poolDai");
    expect(error.whatToDo).to.include("priceFile.ts");
  });

  it("a column that comes twice", () => {
    const facts = { problem: "repeatedColumn", line: 1, column: "WETH" } as const;
    expectFacts(failureOf("unix,WETH,WETH\n100,5,1\n"), facts);
  });

  it("a row with too few or too many cells", () => {
    const short = failureOf("unix,WETH,LINK\n100,5,1\n200,5\n");
    expectFacts(short, { problem: "cellCount", line: 3, found: "2 cells" });
    const long = failureOf("unix,WETH\n100,5\n\n200,1,234.5\n");
    expectFacts(long, { problem: "cellCount", line: 4, found: "3 cells" });
    expect(long.allowed).to.include("2 cells");
  });

  it("a time that is not a whole number of seconds", () => {
    for (const time of [
      "",
      "0",
      "-5",
      "1.5",
      "soon",
      "NaN",
      "1e9",
      "1583971800000",
      "9".repeat(30),
    ]) {
      const error = failureOf(`unix,WETH\n${time},5\n`);
      expectFacts(error, { problem: "invalidTime", line: 2, column: "unix", found: `"${time}"` });
    }
  });

  it("a time that comes twice", () => {
    const error = failureOf("unix,WETH\n100,5\n100,6\n");
    expectFacts(error, { problem: "repeatedTime", line: 3, column: "unix", found: "100 again" });
  });

  it("times out of order", () => {
    const error = failureOf("unix,WETH\n100,5\n300,5\n200,6\n");
    expectFacts(error, {
      problem: "unsortedTime",
      line: 4,
      column: "unix",
      found: "200 after 300",
    });
    expect(error.allowed).to.equal("a time after 300");
  });

  it("a price that is not a number", () => {
    for (const price of [
      "NaN",
      "abc",
      "1e3",
      "+5",
      "1.",
      ".5",
      "0x10",
      "$5",
      "Infinity",
      "null",
      "5 6",
    ]) {
      const error = failureOf(`unix,WETH,LINK\n100,5,1\n200,5,${price}\n`);
      expectFacts(error, { problem: "notANumber", line: 3, column: "LINK", found: `"${price}"` });
    }
  });

  it("a negative price", () => {
    const facts = { problem: "negative", line: 2, column: "WETH", found: '"-5.25"' } as const;
    expectFacts(failureOf("unix,WETH\n100,-5.25\n"), facts);
  });

  it("a price of zero, or one below the eighth decimal", () => {
    for (const price of ["0", "0.0", "0.000000009"]) {
      const error = failureOf(`unix,WETH\n100,5\n200,${price}\n`);
      expectFacts(error, { problem: "zero", line: 3, column: "WETH", found: `"${price}"` });
    }
  });

  it("a negative number in a column that is not a price", () => {
    const facts = { problem: "negative", line: 2, column: "poolDai" } as const;
    expectFacts(failureOf("unix,WETH,poolDai\n100,5,-1\n"), facts);
  });

  it("an asset that nobody observed", () => {
    const error = failureOf("unix,WETH,LINK\n100,5,\n200,6,\n");
    expectFacts(error, { problem: "noObservation", line: undefined, column: "LINK" });
    expect(error.found).to.equal("no price in 2 rows");
  });

  it("not an asset that nobody observed, where files are joined: the column is left out", () => {
    const file = parsePriceFile("unix,WETH,LINK\n100,5,\n200,6,\n", "a.csv", "leftOut");
    expect([...file.prices.keys()]).to.deep.equal(["WETH"]);
    expect(file.collaterals).to.deep.equal(["WETH"]);
  });

  it("a quote that never closes", () => {
    const error = failureOf('unix,WETH\n100,"5\n200,6\n');
    expectFacts(error, { problem: "malformed", file: "bad.csv" });
    expect(error.cause).to.be.an("error");
  });

  it("a very long cell, quoting its beginning only", () => {
    expect(failureOf(`unix,WETH\n100,${"x".repeat(100_000)}\n`).message.length).to.be.below(500);
  });
});

describe("parseDecimal8", () => {
  it("keeps the sign and knows no other notation", () => {
    expect(parseDecimal8("-0.5")).to.equal(-50_000_000n);
    expect(parseDecimal8("007")).to.equal(700_000_000n);
    for (const text of ["", "-", "1,000", "--1", " 1", "1e1"])
      expect(parseDecimal8(text)).to.equal(undefined);
  });
});

describe("readPriceFile", () => {
  it("refuses a file that is not there, and a folder", async () => {
    for (const path of [join(PRICES, "none.csv"), PRICES]) {
      const error = await readPriceFile(path, readFile).catch((cause: unknown) => cause);
      expect(error).to.be.instanceOf(PriceFileError);
      expect(error).to.include({ problem: "unreadable", file: path });
      expect(error).to.have.property("cause").that.is.an("error");
    }
  });

  it("refuses a file that is not text", async () => {
    const folder = await mkdtemp(join(tmpdir(), "surety-prices-"));
    const path = join(folder, "picture.csv");
    try {
      await writeFile(path, Uint8Array.of(0x89, 0x50, 0xff, 0xfe));
      const error = await readPriceFile(path, readFile).catch((cause: unknown) => cause);
      expect(error).to.be.instanceOf(PriceFileError).and.to.include({ problem: "unreadable" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("names the file without its folder", async () => {
    const file = await readPriceFile(join(PRICES, "2020-03-12-eth-10m.csv"), readFile);
    expect(file.name).to.equal("2020-03-12-eth-10m.csv");
    expect(file.unix).to.have.length(144);
    expect(file.prices.get("WETH")?.[0]).to.equal(19_452_000_000n);
    expect(file.extras.get("poolWeth")?.every((cell) => cell === undefined)).to.equal(true);
  });

  it("reads every file in risk/prices", async () => {
    const names = (await readdir(PRICES)).filter((name) => name.endsWith(".csv"));
    expect(names).to.have.length(14);
    for (const name of names) {
      const file = await readPriceFile(join(PRICES, name), readFile);
      expect(file.collaterals, name).to.have.length.above(0);
      for (const column of file.prices.values()) expect(column).to.have.length(file.unix.length);
    }
  });

  it("reads every year in risk/prices/hourly, with its outages", async () => {
    const folder = join(PRICES, "hourly");
    const names = (await readdir(folder)).sort();
    expect(names).to.have.length(9);
    let [rows, gaps, missing, last] = [0, 0, 0, 0];
    for (const name of names) {
      const file = await readPriceFile(join(folder, name), readFile, "leftOut");
      expect(file.unix[0], name).to.be.above(last);
      last = file.unix.at(-1) ?? 0;
      rows += file.unix.length;
      gaps += file.gaps.length;
      missing += file.gaps.reduce((sum, { missingRows }) => sum + missingRows, 0);
    }
    expect([rows, gaps, missing]).to.deep.equal([68_868, 28, 128]);
  });

  it("finds the outages of the records", async () => {
    const gapsOf = async (name: string): Promise<number> =>
      (await readPriceFile(join(PRICES, name), readFile)).gaps.length;
    expect(await gapsOf("2022-05-ust-1h.csv")).to.equal(2);
    expect(await gapsOf("2022-06-steth-1h.csv")).to.equal(1);
    expect(await gapsOf("2023-03-usdc-1m.csv")).to.equal(448);
    expect(await gapsOf("2020-03-black-thursday-1h.csv")).to.equal(0);
  });
});

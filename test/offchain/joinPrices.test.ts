import { assert } from "chai";
import { InputError } from "../../risk/inputError.ts";
import { defaultCollaterals, joinPrices, observe } from "../../risk/joinPrices.ts";
import { parsePriceFile, type PriceFile } from "../../sdk/priceFile.ts";

function file(name: string, text: string): PriceFile {
  return parsePriceFile(text, name, "leftOut");
}

const EARLY = file("early.csv", "unix,WETH,LINK\n100,10,\n200,11,\n300,,\n");
const LATE = file("late.csv", "unix,LINK,WETH,USDC\n900,1,12,1\n1000,2,,0.99\n");

function refused(act: () => unknown): InputError {
  try {
    act();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("joinPrices", () => {
  it("puts rows in time order, whatever the order of the files", () => {
    for (const files of [
      [EARLY, LATE],
      [LATE, EARLY],
    ]) {
      const history = joinPrices(files);
      assert.deepEqual(history.files, ["early.csv", "late.csv"]);
      assert.deepEqual(history.unix, [100, 200, 300, 900, 1_000]);
      assert.deepEqual([...history.prices.keys()], ["WETH", "LINK", "USDC"]);
    }
  });

  it("leaves gaps as gaps, also where a file does not have an asset or nobody observed it", () => {
    const history = joinPrices([EARLY, LATE]);
    assert.deepEqual(history.prices.get("LINK"), [
      undefined,
      undefined,
      undefined,
      100_000_000n,
      200_000_000n,
    ]);
    assert.deepEqual(
      observe(history, "WETH", "USD").map(({ at }) => at),
      [100, 200, 900],
    );
  });

  it("refuses files that overlap, also one file twice, and names both", () => {
    const middle = file("middle.csv", "unix,WETH\n300,10\n400,10\n");
    const error = refused(() => joinPrices([middle, LATE, EARLY]));
    assert.include(error.found, "middle.csv");
    assert.include(error.found, "early.csv");
    assert.instanceOf(
      refused(() => joinPrices([LATE, LATE])),
      InputError,
    );
  });
});

describe("observe", () => {
  it("takes common observations of a pair only", () => {
    const history = joinPrices([EARLY, LATE]);
    assert.deepEqual(observe(history, "WETH", "USDC"), [
      { at: 900, collateralPrice: 1_200_000_000n, obligationPrice: 100_000_000n },
    ]);
    assert.deepEqual(
      observe(history, "LINK", "USDC").map(({ at }) => at),
      [900, 1_000],
    );
  });

  it("refuses a column that no file has, and names those that there are", () => {
    const error = refused(() => observe(joinPrices([LATE]), "WBTC", "USD"));
    assert.include(error.found, "WBTC");
    assert.equal(error.allowed, "WETH, LINK, USDC");
    assert.include(refused(() => observe(joinPrices([LATE]), "WETH", "EUR")).allowed, "USD, WETH");
  });
});

describe("defaultCollaterals", () => {
  it("takes every collateral but not the stablecoins, nor what is owed", () => {
    const history = joinPrices([EARLY, LATE]);
    assert.deepEqual(defaultCollaterals(history, "USD"), ["WETH", "LINK"]);
    assert.deepEqual(defaultCollaterals(history, "WETH"), ["LINK"]);
  });

  it("takes stablecoins where there is nothing else", () => {
    const stable = joinPrices([file("stable.csv", "unix,USDC,DAI\n100,1,1\n")]);
    assert.deepEqual(defaultCollaterals(stable, "USD"), ["USDC", "DAI"]);
    assert.deepEqual(defaultCollaterals(stable, "DAI"), ["USDC"]);
  });
});

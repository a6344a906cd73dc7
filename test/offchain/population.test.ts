import { expect } from "chai";
import fc from "fast-check";

import { makePopulation, PopulationError } from "../../scripts/demo/population.ts";
import type { PopulationAccount, PopulationOptions } from "../../scripts/demo/population.ts";

const COLLATERALS = [
  { name: "WETH", price8: 194_52000000n, decimals: 18, haircutInitialPpm: 250_000n },
  { name: "WBTC", price8: 7_934_52000000n, decimals: 8, haircutInitialPpm: 200_000n },
  { name: "LINK", price8: 3_81690000n, decimals: 18, haircutInitialPpm: 350_000n },
  { name: "USDC", price8: 99_990000n, decimals: 6, haircutInitialPpm: 20_000n },
];
const POOLS = [
  { name: "USDC", price8: 99_990000n, decimals: 6 },
  { name: "DAI", price8: 1_01000000n, decimals: 18 },
  { name: "USDT", price8: 1_00000000n, decimals: 6 },
];
const OPTIONS: PopulationOptions = {
  accounts: 3_000,
  seed: 7,
  collaterals: COLLATERALS,
  pools: POOLS,
};

/** USD as a float, computed apart from the code under test; only for ranges. */
function usd(name: string, assets: bigint): number {
  const asset = [...COLLATERALS, ...POOLS].find((each) => each.name === name);
  if (asset === undefined) throw new Error(`no asset ${name}`);
  return (Number(assets) / 10 ** asset.decimals) * (Number(asset.price8) / 1e8);
}

function collateralUsd({ collaterals }: PopulationAccount): number {
  return collaterals.reduce((sum, { name, assets }) => sum + usd(name, assets), 0);
}

function coverage({ collaterals, debts }: PopulationAccount): number {
  const cover = collaterals.reduce((sum, { name, assets }) => {
    const haircut = COLLATERALS.find((each) => each.name === name)?.haircutInitialPpm ?? 0n;
    return sum + usd(name, assets) * (1 - Number(haircut) / 1e6);
  }, 0);
  return cover / debts.reduce((sum, { name, assets }) => sum + usd(name, assets), 0);
}

function share<T>(all: readonly T[], holds: (one: T) => boolean): number {
  return all.filter(holds).length / all.length;
}

describe("makePopulation", () => {
  const population = makePopulation(OPTIONS);

  it("gives the same population for the same seed", () => {
    const inputs = fc.record({
      accounts: fc.integer({ min: 1, max: 30 }),
      seed: fc.maxSafeInteger(),
      curing: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(inputs, (input) => {
        const first = makePopulation({ ...OPTIONS, ...input });
        expect(makePopulation({ ...OPTIONS, ...input })).to.deep.equal(first);
        expect(first).to.have.length(input.accounts);
      }),
    );
  });

  it("stays within the stated ranges for every seed", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        for (const account of makePopulation({ ...OPTIONS, accounts: 20, seed }))
          expectInRanges(account);
      }),
    );
  });

  it("gives the population of seed 7 on every machine", () => {
    expect(population[0]).to.deep.equal({
      index: 0,
      collaterals: [
        { name: "WETH", assets: 10_164851444581534032n },
        { name: "USDC", assets: 7_946_527749n },
      ],
      debts: [{ name: "DAI", assets: 6_686_766862146297992222n }],
      cures: true,
      cureBy: "deposit",
      cureAfterMinutes: 204,
    });
  });

  it("gives different populations for different seeds", () => {
    expect(makePopulation({ ...OPTIONS, seed: 8 })).to.not.deep.equal(population);
    expect(makePopulation({ ...OPTIONS, seed: -7 })).to.not.deep.equal(population);
  });

  it("does not change an account's balances when others are added", () => {
    const balances = ({ collaterals, debts }: PopulationAccount): object => ({
      collaterals,
      debts,
    });
    const few = makePopulation({ ...OPTIONS, accounts: 50 });
    expect(few.map(balances)).to.deep.equal(population.slice(0, 50).map(balances));
  });

  it("has the stated sizes: median 20,000 USD, middle 68 % between 6,024 and 66,402", () => {
    const sizes = population.map(collateralUsd).sort((a, b) => a - b);
    expect(sizes[1_500]).to.be.within(18_500, 21_500);
    expect(share(sizes, (size) => size >= 6_024 && size <= 66_402)).to.be.within(0.65, 0.71);
    expect(share(sizes, (size) => size <= 2_000.01)).to.be.within(0.018, 0.037);
  });

  it("has the stated numbers of collaterals and debts", () => {
    expect(share(population, (each) => each.collaterals.length === 1)).to.be.within(0.47, 0.53);
    expect(share(population, (each) => each.collaterals.length === 2)).to.be.within(0.32, 0.38);
    expect(share(population, (each) => each.collaterals.length === 3)).to.be.within(0.12, 0.18);
    expect(share(population, (each) => each.debts.length === 1)).to.be.within(0.67, 0.73);
  });

  it("has the stated spread of coverage, most of it between 1.10 and 1.50", () => {
    expect(share(population, (each) => coverage(each) < 1.1)).to.be.within(0.08, 0.12);
    expect(share(population, (each) => coverage(each) >= 1.1 && coverage(each) < 1.5)).to.be.within(
      0.62,
      0.68,
    );
    expect(share(population, (each) => coverage(each) >= 1.5)).to.be.within(0.22, 0.28);
  });

  it("lets half of the owners cure by default, half of them by deposit", () => {
    expect(share(population, (each) => each.cures)).to.equal(0.5);
    expect(share(population, (each) => each.cureBy === "deposit")).to.be.within(0.47, 0.53);
  });

  it("lets exactly the asked share of owners cure, and who cures at 30 % also cures at 60 %", () => {
    const curers = (curing: number): readonly number[] =>
      makePopulation({ ...OPTIONS, accounts: 200, curing })
        .filter(({ cures }) => cures)
        .map(({ index }) => index);
    expect(curers(0)).to.have.length(0);
    expect(curers(1)).to.have.length(200);
    expect(curers(0.3)).to.have.length(60);
    expect(curers(0.6)).to.include.members([...curers(0.3)]);
  });

  it("changes nobody's balances with the share of owners who cure", () => {
    const withoutCure = population.map(({ cures: _, ...rest }) => rest);
    const others = makePopulation({ ...OPTIONS, curing: 0.1 }).map(({ cures: _, ...rest }) => rest);
    expect(others).to.deep.equal(withoutCure);
  });

  it("borrows what it does not pledge, unless there is nothing else", () => {
    for (const { collaterals, debts } of population) {
      const pledged = collaterals.map(({ name }) => name);
      for (const { name } of debts) expect(pledged).to.not.include(name);
    }
    const only = makePopulation({
      ...OPTIONS,
      accounts: 5,
      collaterals: COLLATERALS.slice(3),
      pools: POOLS.slice(0, 1),
    });
    for (const { debts } of only) expect(debts.map(({ name }) => name)).to.deep.equal(["USDC"]);
  });
});

function expectInRanges(account: PopulationAccount): void {
  const names = account.collaterals.map(({ name }) => name);
  const borrowed = account.debts.map(({ name }) => name);
  expect(names.length).to.be.within(1, 3);
  expect(new Set(names).size).to.equal(names.length);
  expect(borrowed.length).to.be.within(1, 2);
  expect(new Set(borrowed).size).to.equal(borrowed.length);
  const total = collateralUsd(account);
  expect(total).to.be.within(1_999.99, 2_000_000.01);
  for (const { name, assets } of account.collaterals) {
    expect(usd(name, assets) / total).to.be.at.least(0.0999);
  }
  for (const { assets } of account.debts) expect(assets > 0n).to.equal(true);
  expect(coverage(account)).to.be.within(1.0199999, 2.50001);
  expect(account.cureBy).to.be.oneOf(["deposit", "repay"]);
  expect(account.cureAfterMinutes).to.be.within(10, 240);
  expect(Number.isInteger(account.cureAfterMinutes)).to.equal(true);
}

describe("makePopulation refuses", () => {
  const [weth] = COLLATERALS;
  if (weth === undefined) throw new Error("no collateral to test with");
  const cases: readonly (readonly [
    what: string,
    option: string,
    change: Partial<PopulationOptions>,
  ])[] = [
    ["no accounts", "accounts", { accounts: 0 }],
    ["half an account", "accounts", { accounts: 1.5 }],
    ["a seed that is not whole", "seed", { seed: 0.1 }],
    ["more than all owners curing", "curing", { curing: 1.01 }],
    ["a share that is not a number", "curing", { curing: NaN }],
    ["no collateral", "collaterals", { collaterals: [] }],
    ["no pool", "pools", { pools: [] }],
    ["a name that comes twice", "collaterals.WETH", { collaterals: [weth, weth] }],
    ["a price of zero", "collaterals.WETH.price8", { collaterals: [{ ...weth, price8: 0n }] }],
    ["half a decimal", "collaterals.WETH.decimals", { collaterals: [{ ...weth, decimals: 0.5 }] }],
    [
      "a token unit worth more than 1 USD",
      "collaterals.WETH.decimals",
      { collaterals: [{ ...weth, decimals: 2 }] },
    ],
    [
      "a haircut of all",
      "collaterals.WETH.haircutInitialPpm",
      { collaterals: [{ ...weth, haircutInitialPpm: 1_000_000n }] },
    ],
  ];
  for (const [what, option, change] of cases) {
    it(what, () => {
      expect(() => makePopulation({ ...OPTIONS, ...change }))
        .to.throw(PopulationError)
        .with.property("option", option);
    });
  }
});

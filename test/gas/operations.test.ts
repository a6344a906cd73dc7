// Gas of every operation, as receipts say it. One chain, the same tokens and feeds for all: OpenZeppelin ERC-20s with 18 and 6
// decimals, feeds behind a proxy with the storage reads of the real ones, slots warmed by others first, an hour of interest
// between operations, wallets that stay non-zero, approvals given before.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { assert } from "chai";
import { type ContractTransactionResponse, MaxUint256, type Signer } from "ethers";
import { network } from "hardhat";
import { holdClock } from "../../bench/clock.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { MEASURED_PAIR } from "../../scripts/gas/makeStage.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { deployLocalVenue } from "../../scripts/localVenue.ts";
import { uniswapV3Venue } from "../../keeper/venue.ts";

const SNAPSHOT = fileURLToPath(new URL("../../snapshots/gas.json", import.meta.url));
const HOUR_FOR = 3_600;
const ETHER = 10n ** 18n;
const USDC = 10n ** 6n;
const DEADLINE = 2n ** 40n;
const COLLATERALS = ["WETH", "ONE", "TWO"];

type Gas = Record<string, number>;

interface Stage {
  readonly system: LocalSystem;
  readonly owner: Signer;
  readonly other: Signer;
  readonly lender: Signer;
  readonly keeper: Signer;
  readonly token: (symbol: string) => string;
  /** An hour passes, prices stay fresh, then the operation is sent. */
  readonly measure: (
    sentence: string,
    send: () => Promise<ContractTransactionResponse>,
  ) => Promise<void>;
  readonly gas: Gas;
  readonly pass: (seconds: number) => void;
}

describe("gas of operations", () => {
  it("is that of snapshots/gas.json", async () => {
    const stage = await makeStage();
    await measureLending(stage);
    await measureOneCollateral(stage);
    await measureThreeCollaterals(stage);
    await measureCallsAndLiquidations(stage);
    await measureWithoutCash(stage);
    await measureHaircuts(stage);
    if (process.env.UPDATE_SNAPSHOTS === "1") {
      mkdirSync(fileURLToPath(new URL("../../snapshots/", import.meta.url)), { recursive: true });
      writeFileSync(SNAPSHOT, `${JSON.stringify(stage.gas, undefined, 2)}\n`);
    }
    assert(existsSync(SNAPSHOT), "snapshots/gas.json is missing; make it with `npm run gas`");
    assert.deepEqual(
      stage.gas,
      JSON.parse(readFileSync(SNAPSHOT, "utf8")),
      "gas changed; if it is meant, run `npm run gas` and explain it in the changelog",
    );
  });
});

async function makeStage(): Promise<Stage> {
  const override = { initialDate: new Date("2026-01-01T00:00:00Z") };
  const { ethers, provider } = await network.create({ override });
  const clock = await holdClock(provider);
  const system = await deployLocalSystem(await ethers.getSigners(), {
    assets: [
      { symbol: "WETH", price8: 2_000_00000000n },
      { symbol: "ONE", decimals: 18, price8: 2_000_00000000n, like: "WETH" },
      { symbol: "TWO", decimals: 18, price8: 2_000_00000000n, like: "WETH" },
    ],
    pools: ["USDC"],
  });
  const [owner, other, lender, keeper] = system.actors;
  assert(owner && other && lender && keeper);
  for (const actor of [owner, other, lender, keeper]) await fund(system, actor);
  const gas: Gas = {};
  const measure: Stage["measure"] = async (sentence, send) => {
    clock.pass(HOUR_FOR);
    await refreshPrices(system);
    const receipt = await (await send()).wait();
    gas[sentence] = Number(receipt?.gasUsed ?? 0n);
  };
  const token = (symbol: string) => system.asset(symbol).address;
  return { system, owner, other, lender, keeper, token, measure, gas, pass: clock.pass };
}

async function fund(system: LocalSystem, actor: Signer): Promise<void> {
  for (const { symbol, token, decimals } of system.assets) {
    await system.mint(symbol, actor, 10n ** BigInt(decimals + 7));
    await (await token.connect(actor).approve(system.vaultAddress, MaxUint256)).wait();
    for (const { address } of system.pools) {
      await (await token.connect(actor).approve(address, MaxUint256)).wait();
    }
  }
}

/** A mined block makes the new time the latest, at which the rounds are pushed. */
async function refreshPrices(system: LocalSystem, price8 = 2_000_00000000n): Promise<void> {
  await system.mint("WETH", system.roles.deployer, 1n);
  const prices = Object.fromEntries(COLLATERALS.map((symbol) => [symbol, price8]));
  await system.setPrices({ ...prices, USDC: 1_00000000n });
}

async function measureLending({ system, lender, other, measure }: Stage): Promise<void> {
  const pool = system.pool("USDC").pool;
  const [asLender, asOther] = [pool.connect(lender), pool.connect(other)];
  const [to, otherTo] = [await lender.getAddress(), await other.getAddress()];
  await (await asOther.deposit(1_000_000n * USDC, otherTo)).wait();
  const account = toAccountId(otherTo, 99n);
  const vault = system.vault.connect(other);
  await (await vault.deposit(account, system.asset("WETH").address, 100n * ETHER)).wait();
  await (await vault.borrow(account, 0n, 50_000n * USDC, otherTo)).wait();
  await measure("f1 lend: first", () => asLender.deposit(100_000n * USDC, to));
  await measure("f2 lend: again", () => asLender.deposit(100_000n * USDC, to));
  await measure("f3 lend: withdraw part", () => asLender.withdraw(50_000n * USDC, to, to));
  const shares = await pool.balanceOf(to);
  await measure("f4 lend: withdraw all", () => asLender.redeem(shares, to, to));
  await (await asLender.deposit(1_000_000n * USDC, to)).wait();
}

async function measureOneCollateral({ system, owner, measure, token }: Stage): Promise<void> {
  const to = await owner.getAddress();
  const vault = system.vault.connect(owner);
  const account = toAccountId(to, 0n);
  const weth = token("WETH");
  await measure("a1 deposit: first", () => vault.deposit(account, weth, 10n * ETHER));
  await measure("a2 deposit: again", () => vault.deposit(account, weth, 10n * ETHER));
  await measure("b1 borrow: first", () => vault.borrow(account, 0n, 1_000n * USDC, to));
  await measure("b2 borrow: again", () => vault.borrow(account, 0n, 1_000n * USDC, to));
  await measure("c1 repay: part", () => vault.repay(account, 0n, 500n * USDC));
  await measure("d1 withdraw: debt open", () => vault.withdraw(account, weth, ETHER, to));
  await measure("c2 repay: all", () => vault.repay(account, 0n, MaxUint256));
  await measure("d2 withdraw: all, no debt", () => vault.withdraw(account, weth, MaxUint256, to));
  const second = toAccountId(to, 1n);
  const both = () => vault.depositAndBorrow(second, weth, 10n * ETHER, 0n, 1_000n * USDC, to);
  await measure("g1 deposit and borrow: first", both);
  await measure("g2 deposit and borrow: again", both);
}

async function measureThreeCollaterals({ system, owner, measure, token }: Stage): Promise<void> {
  const to = await owner.getAddress();
  const vault = system.vault.connect(owner);
  const account = toAccountId(to, 2n);
  for (const symbol of COLLATERALS) {
    await (await vault.deposit(account, token(symbol), 10n * ETHER)).wait();
  }
  await (await vault.borrow(account, 0n, 1_000n * USDC, to)).wait();
  await measure("b2 borrow: again, 3 collaterals", () =>
    vault.borrow(account, 0n, 1_000n * USDC, to),
  );
  await measure("d1 withdraw: debt open, 3 collaterals", () =>
    vault.withdraw(account, token("WETH"), ETHER, to),
  );
}

async function measureCallsAndLiquidations(stage: Stage): Promise<void> {
  const { system, other, keeper, token, gas } = stage;
  const to = await other.getAddress();
  const vault = system.vault.connect(other);
  const [one, three] = [toAccountId(to, 1n), toAccountId(to, 3n)];
  await refreshPrices(system);
  await (await vault.deposit(one, token("WETH"), 10n * ETHER)).wait();
  await (await vault.borrow(one, 0n, 15_300n * USDC, to)).wait();
  for (const symbol of COLLATERALS) {
    // enough of the first that a part of it reaches the target
    const tokens = symbol === "WETH" ? 30n : 5n;
    await (await vault.deposit(three, token(symbol), tokens * ETHER)).wait();
  }
  await (await vault.borrow(three, 0n, 61_330n * USDC, to)).wait();
  const asKeeper = system.vault.connect(keeper);
  const receiver = await keeper.getAddress();
  const now = async (sentence: string, sent: ContractTransactionResponse) => {
    gas[sentence] = Number((await sent.wait())?.gasUsed ?? 0n);
  };
  await refreshPrices(system, 1_785_00000000n);
  await now("margin call: issue", await asKeeper.issueMarginCall(one));
  await refreshPrices(system, 1_800_00000000n);
  await now("margin call: pause", await asKeeper.clearMarginCall(one));
  await refreshPrices(system, 2_000_00000000n);
  await now("margin call: cured by prices", await asKeeper.clearMarginCall(one));
  await refreshPrices(system, 1_725_00000000n);
  const leg = { asset: token("WETH"), pool: 0n, maxRepaidAssets: MaxUint256, minimumOut: 0n };
  const liquidate = (account: string) =>
    asKeeper.liquidate(account, [leg], 0n, DEADLINE, receiver, "0x");
  await now("e1 liquidate: part, 1 collateral", await liquidate(one));
  await now("e3 liquidate: part, 3 collaterals", await liquidate(three));
  await refreshPrices(system, 1_200_00000000n);
  const most = [MaxUint256];
  const writeOff = asKeeper.writeOff(three, 1n, most, [0n, 0n, 0n], DEADLINE, receiver, "0x");
  await now("write off: 3 collaterals", await writeOff);
}

/** Runs of a FlashLiquidator that has profit of earlier ones, and sells on the venue of local chains. */
async function measureWithoutCash(stage: Stage): Promise<void> {
  const { system, owner, keeper, token, gas } = stage; // an owner without a default
  const { contract, address } = await deployLocalVenue(system, keeper);
  await system.mint("USDC", await contract.getAddress(), USDC);
  await system.mint("WETH", address, ETHER);
  const to = await owner.getAddress();
  const accounts = [4n, 5n, 6n, 7n].map((tag) => toAccountId(to, tag));
  await refreshPrices(system);
  const vault = system.vault.connect(owner);
  for (const account of accounts) {
    await (await vault.deposit(account, token("WETH"), 10n * ETHER)).wait();
    await (await vault.borrow(account, 0n, 15_300n * USDC, to)).wait();
  }
  const [first = "", liquidated = "", paid = "", writtenOff = ""] = accounts;
  const profitToken = system.asset("USDC").address;
  const seizedAssets = 5n * ETHER;
  const piece = { asset: token("WETH"), price: 10n ** 21n, seizedAssets, owedAssets: 0n };
  const cash = { cash: profitToken, cashPrice: 10n ** 30n };
  const swaps = uniswapV3Venue(500, 100n)([{ ...piece, ...cash }], {
    token: profitToken,
    price: 10n ** 30n,
  });
  const sale = () => ({
    redemptions: [],
    swaps: swaps.map((swap) => ({ ...swap, minimumOut: 1n })),
    profitToken,
    minimumProfit: 1n,
  });
  const leg = { asset: token("WETH"), pool: 0n, maxRepaidAssets: MaxUint256, minimumOut: 0n };
  const order = { expectedLiquidations: 0n, deadline: DEADLINE };
  const now = async (sentence: string, sent: ContractTransactionResponse) => {
    gas[sentence] = Number((await sent.wait())?.gasUsed ?? 0n);
  };
  await refreshPrices(system, 1_725_00000000n);
  await (await contract.liquidate({ account: first, legs: [leg], ...order }, sale())).wait();
  await now(
    "e1 liquidate: part, 1 collateral, without cash",
    await contract.liquidate({ account: liquidated, legs: [leg], ...order }, sale()),
  );
  await refreshPrices(system, 1_400_00000000n);
  const asKeeper = system.vault.connect(keeper);
  const receiver = await keeper.getAddress();
  const most = [MaxUint256];
  const writeOff = asKeeper.writeOff(paid, 0n, most, [0n], DEADLINE, receiver, "0x");
  await now("write off: 1 collateral", await writeOff);
  const written = { account: writtenOff, maxRepaidAssets: most, minimumOut: [0n], ...order };
  await now("write off: 1 collateral, without cash", await contract.writeOff(written, sale()));
}

/** Rounds an hour apart, with prices that move. */
async function measureHaircuts({ system, keeper, token, gas, pass }: Stage): Promise<void> {
  const governed = system.vault.connect(system.roles.governor);
  const steward = system.vault.connect(system.roles.riskSteward);
  const vault = system.vault.connect(keeper);
  const [weth, usdc] = [token("WETH"), token("USDC")];
  await refreshPrices(system);
  for (const asset of [weth, usdc]) await (await governed.startMeasure(asset, ETHER)).wait();
  await (await steward.setPairModel(weth, 0n, MEASURED_PAIR)).wait();
  let price8 = 2_000_00000000n;
  const push = async (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      pass(HOUR_FOR);
      price8 += round % 2 === 0 ? 17_00000000n : -16_00000000n;
      await refreshPrices(system, price8);
    }
  };
  const now = async (sentence: string, sent: ContractTransactionResponse) => {
    gas[sentence] = Number((await sent.wait())?.gasUsed ?? 0n);
  };
  await push(1);
  await (await vault.refresh(weth, 1n)).wait();
  await (await vault.refreshPair(weth, usdc, 2n)).wait();
  await push(1);
  await now("refresh: 1 round", await vault.refresh(weth, 1n));
  await now("refresh pair: 1 observation and targets", await vault.refreshPair(weth, usdc, 2n));
  await now("refresh pair: targets only", await vault.refreshPair(weth, usdc, 0n));
  await push(24);
  await now("refresh: 24 rounds", await vault.refresh(weth, 24n));
  await now("refresh pair: 24 observations and targets", await vault.refreshPair(weth, usdc, 48n));
}

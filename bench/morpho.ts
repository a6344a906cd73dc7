import { AbiCoder, type Contract, keccak256, MaxUint256, type Signer } from "ethers";
import { deploy } from "./artifact.ts";
import type { Compiled } from "./compile.ts";
import type { Gas } from "./operations.ts";
import { AMOUNT, done, ETHER, type Meter, meterOn, PRICE, type Stage } from "./stage.ts";

const LLTV_WAD = (86n * ETHER) / 100n;
const NO_DATA = "0x";

interface Morpho {
  readonly market: readonly [
    loan: string,
    collateral: string,
    oracle: string,
    irm: string,
    lltv: bigint,
  ];
  readonly id: string; // of the market
  readonly as: (signer: Signer) => Contract;
}

interface Position {
  readonly supplyShares: bigint;
  readonly borrowShares: bigint;
  readonly collateral: bigint;
}

/** Gas of Morpho Blue's operations, in one market without a fee. It has no account with several collaterals. */
export async function measureMorpho(stage: Stage, compiled: Compiled): Promise<Gas> {
  const meter = meterOn(stage);
  const morpho = await deployMorpho(stage, compiled);
  await stage.setPrices(PRICE.first);
  await lend(stage, morpho, meter);
  await own(stage, morpho, meter);
  await liquidate(stage, morpho, meter);
  return meter.gas;
}

async function deployMorpho(stage: Stage, compiled: Compiled): Promise<Morpho> {
  const { deployer, people, collaterals, loan } = stage;
  const make = (name: string, args: readonly unknown[]) => {
    const artifact = compiled[name];
    if (artifact === undefined) throw new RangeError(`contract "${name}" found nowhere`);
    return deploy(artifact, deployer, args);
  };
  const morpho = await make("Morpho", [await deployer.getAddress()]);
  const rate = await make("AdaptiveRate", []);
  const oracle = await make("FeedOracle", [collaterals[0].feed, loan.feed, 18n, 6n]);
  const market = [
    loan.address,
    collaterals[0].address,
    await oracle.getAddress(),
    await rate.getAddress(),
    LLTV_WAD,
  ] as const;
  await done(() => morpho.getFunction("enableIrm").send(market[3]));
  await done(() => morpho.getFunction("enableLltv").send(LLTV_WAD));
  await done(() => morpho.getFunction("createMarket").send(market));
  const address = await morpho.getAddress();
  for (const person of Object.values(people)) {
    for (const { token } of [collaterals[0], loan]) {
      await done(() => token.connect(person).approve(address, MaxUint256));
    }
  }
  const words = ["address", "address", "address", "address", "uint256"];
  const id = keccak256(AbiCoder.defaultAbiCoder().encode(words, market));
  return { market, id, as: (signer) => morpho.connect(signer) as Contract };
}

async function positionOf(morpho: Morpho, signer: Signer): Promise<Position> {
  const read = morpho.as(signer).getFunction("position");
  return (await read.staticCall(morpho.id, await signer.getAddress())) as Position;
}

/** What a signer does in the market, for itself. */
async function verbsOf({ market, as }: Morpho, signer: Signer) {
  const to = await signer.getAddress();
  const call = (name: string, ...args: readonly unknown[]) => {
    const method = as(signer).getFunction(name);
    return () => method.send(market, ...args);
  };
  return {
    lend: (assets: bigint) => call("supply", assets, 0n, to, NO_DATA),
    leave: (assets: bigint, shares: bigint) => call("withdraw", assets, shares, to, to),
    deposit: (assets: bigint) => call("supplyCollateral", assets, to, NO_DATA),
    withdraw: (assets: bigint) => call("withdrawCollateral", assets, to, to),
    borrow: (assets: bigint) => call("borrow", assets, 0n, to, to),
    repay: (assets: bigint, shares: bigint) => call("repay", assets, shares, to, NO_DATA),
    seize: (borrower: string, assets: bigint) => call("liquidate", borrower, assets, 0n, NO_DATA),
  };
}

async function lend({ people }: Stage, morpho: Morpho, meter: Meter): Promise<void> {
  const other = await verbsOf(morpho, people.other);
  await done(other.lend(AMOUNT.reserve));
  await done(other.deposit(AMOUNT.otherCollateral));
  await done(other.borrow(AMOUNT.otherDebt));
  const lender = await verbsOf(morpho, people.lender);
  await meter.measure("f1", lender.lend(AMOUNT.loan));
  await meter.measure("f2", lender.lend(AMOUNT.loan));
  await meter.measure("f3", lender.leave(AMOUNT.loanWithdrawal, 0n));
  const { supplyShares } = await positionOf(morpho, people.lender);
  await meter.measure("f4", lender.leave(0n, supplyShares));
}

async function own({ people }: Stage, morpho: Morpho, meter: Meter): Promise<void> {
  const owner = await verbsOf(morpho, people.owner);
  await meter.measure("a1", owner.deposit(AMOUNT.deposit));
  await meter.measure("a2", owner.deposit(AMOUNT.deposit));
  await meter.measure("b1", owner.borrow(AMOUNT.debt));
  await meter.measure("b2", owner.borrow(AMOUNT.debt));
  await meter.measure("c1", owner.repay(AMOUNT.repayment, 0n));
  await meter.measure("d1", owner.withdraw(AMOUNT.withdrawal));
  const { borrowShares } = await positionOf(morpho, people.owner);
  await meter.measure("c2", owner.repay(0n, borrowShares));
  const { collateral } = await positionOf(morpho, people.owner);
  await meter.measure("d2", owner.withdraw(collateral));
  const second = await verbsOf(morpho, people.secondOwner);
  const both = [second.deposit(AMOUNT.deposit), second.borrow(AMOUNT.debt)];
  await meter.measure("g1", ...both);
  await meter.measure("g2", ...both);
}

async function liquidate({ people }: Stage, morpho: Morpho, meter: Meter): Promise<void> {
  const debtor = await verbsOf(morpho, people.oneDebtor);
  await done(debtor.deposit(AMOUNT.deposit));
  await done(debtor.borrow(AMOUNT.riskyDebt));
  const keeper = await verbsOf(morpho, people.keeper);
  const borrower = await people.oneDebtor.getAddress();
  await meter.measureFallen("e1", keeper.seize(borrower, AMOUNT.withdrawal));
}

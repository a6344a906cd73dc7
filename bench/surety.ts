import { MaxUint256 } from "ethers";
import { type AccountId, toAccountId } from "../sdk/accountId.ts";
import type { ICollateralVault } from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import type { LendingPool } from "../types/ethers-contracts/contracts/LendingPool.ts";
import type { Gas } from "./operations.ts";
import { AMOUNT, done, type Meter, meterOn, PRICE, type Stage } from "./stage.ts";

/** Surety, deployed with the collaterals of the stage and one pool of its loan token. */
export interface Surety {
  readonly vault: ICollateralVault;
  readonly vaultAddress: string;
  readonly pool: LendingPool;
  readonly poolAddress: string;
}

const POOL = 0n;
const DEADLINE = 2n ** 40n;

/** Gas of Surety's operations; approvals are given here. */
export async function measureSurety(stage: Stage, surety: Surety): Promise<Gas> {
  return (await operateSurety(stage, surety)).gas;
}

/** Does every operation once; what was sent is in the meter. */
export async function operateSurety(stage: Stage, surety: Surety): Promise<Meter> {
  const meter = meterOn(stage);
  await approve(stage, surety);
  await stage.setPrices(PRICE.first);
  await lend(stage, surety, meter);
  await own(stage, surety, meter);
  await ownThree(stage, surety, meter);
  await liquidate(stage, surety, meter);
  return meter;
}

async function approve({ people, collaterals, loan }: Stage, surety: Surety): Promise<void> {
  for (const person of Object.values(people)) {
    for (const { token } of [...collaterals, loan]) {
      await done(() => token.connect(person).approve(surety.vaultAddress, MaxUint256));
    }
    await done(() => loan.token.connect(person).approve(surety.poolAddress, MaxUint256));
  }
}

async function lend({ people, collaterals }: Stage, surety: Surety, meter: Meter): Promise<void> {
  const { lender, other } = people;
  const pool = surety.pool.connect(lender);
  const [to, otherTo] = [await lender.getAddress(), await other.getAddress()];
  await done(() => surety.pool.connect(other).deposit(AMOUNT.reserve, otherTo));
  const vault = surety.vault.connect(other);
  const account = toAccountId(otherTo, 99n);
  await done(() => vault.deposit(account, collaterals[0].address, AMOUNT.otherCollateral));
  await done(() => vault.borrow(account, POOL, AMOUNT.otherDebt, otherTo));
  await meter.measure("f1", () => pool.deposit(AMOUNT.loan, to));
  await meter.measure("f2", () => pool.deposit(AMOUNT.loan, to));
  await meter.measure("f3", () => pool.withdraw(AMOUNT.loanWithdrawal, to, to));
  const shares = await pool.balanceOf(to);
  await meter.measure("f4", () => pool.redeem(shares, to, to));
}

async function own(stage: Stage, surety: Surety, meter: Meter): Promise<void> {
  const { owner } = stage.people;
  const vault = surety.vault.connect(owner);
  const to = await owner.getAddress();
  const account = toAccountId(to, 0n);
  const asset = stage.collaterals[0].address;
  await meter.measure("a1", () => vault.deposit(account, asset, AMOUNT.deposit));
  await meter.measure("a2", () => vault.deposit(account, asset, AMOUNT.deposit));
  await meter.measure("b1", () => vault.borrow(account, POOL, AMOUNT.debt, to));
  await meter.measure("b2", () => vault.borrow(account, POOL, AMOUNT.debt, to));
  await meter.measure("c1", () => vault.repay(account, POOL, AMOUNT.repayment));
  await meter.measure("d1", () => vault.withdraw(account, asset, AMOUNT.withdrawal, to));
  await meter.measure("c2", () => vault.repay(account, POOL, MaxUint256));
  await meter.measure("d2", () => vault.withdraw(account, asset, MaxUint256, to));
  const second = toAccountId(to, 1n);
  const both = () => vault.depositAndBorrow(second, asset, AMOUNT.deposit, POOL, AMOUNT.debt, to);
  await meter.measure("g1", both);
  await meter.measure("g2", both);
}

async function ownThree(stage: Stage, surety: Surety, meter: Meter): Promise<void> {
  const { thirdOwner } = stage.people;
  const vault = surety.vault.connect(thirdOwner);
  const to = await thirdOwner.getAddress();
  const account = toAccountId(to, 2n);
  for (const { address } of stage.collaterals) {
    await done(() => vault.deposit(account, address, AMOUNT.deposit));
  }
  await done(() => vault.borrow(account, POOL, AMOUNT.debt, to));
  await meter.measure("b2x3", () => vault.borrow(account, POOL, AMOUNT.debt, to));
  await meter.measure("d1x3", () =>
    vault.withdraw(account, stage.collaterals[0].address, AMOUNT.withdrawal, to),
  );
}

async function liquidate(stage: Stage, surety: Surety, meter: Meter): Promise<void> {
  const { other, keeper } = stage.people;
  const vault = surety.vault.connect(other);
  const to = await other.getAddress();
  const [one, three] = [toAccountId(to, 1n), toAccountId(to, 3n)];
  const [first, ...more] = stage.collaterals;
  await stage.setPrices(PRICE.first);
  await done(() => vault.deposit(one, first.address, AMOUNT.deposit));
  await done(() => vault.borrow(one, POOL, AMOUNT.riskyDebt, to));
  await done(() => vault.deposit(three, first.address, AMOUNT.mostOfThree));
  for (const { address } of more) {
    await done(() => vault.deposit(three, address, AMOUNT.deposit / 2n));
  }
  await done(() => vault.borrow(three, POOL, AMOUNT.riskyDebtOfThree, to));
  const receiver = await keeper.getAddress();
  const leg = { asset: first.address, pool: POOL, maxRepaidAssets: MaxUint256, minimumOut: 0n };
  const seize = (account: AccountId) => () =>
    surety.vault.connect(keeper).liquidate(account, [leg], 0n, DEADLINE, receiver, "0x");
  await meter.measureFallen("e1", seize(one));
  await meter.measureFallen("e3", seize(three));
}

// Gas of a loss, and of leaving after it, by how many lenders bear it.
import { MaxUint256, type Signer } from "ethers";
import { toAccountId } from "../../sdk/accountId.ts";
import type { ICollateralVault } from "../../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import type { LendingPool } from "../../types/ethers-contracts/contracts/LendingPool.ts";
import { done, ETHER, gasOf, HOUR_FOR, PRICE, type Stage, USDC } from "../stage.ts";

/** A new chain: one pool that nobody lends to yet, one collateral, people with all tokens, approved for vault and pool. */
export interface LenderStage extends Pick<Stage, "pass" | "setPrices"> {
  readonly vault: ICollateralVault;
  readonly pool: LendingPool;
  readonly collateral: string; // address
  readonly owner: Signer;
  readonly keeper: Signer;
  readonly lender: Signer;
}

export interface LenderGas {
  readonly lenders: number;
  readonly writeOff: number;
  readonly withdraw: number; // by one of the lenders, afterwards
  /** what the lenders lost, all together [assets] */
  readonly lossAssets: bigint;
}

/** The write-off took nothing from the lenders: what was measured is something else. */
export class NoLossBorne extends Error {
  override readonly name = "NoLossBorne";

  constructor(lenders: number) {
    super(`${lenders} lenders lost nothing in a write-off that was to cost them something`);
  }
}

export const LENDER_COUNTS = [1, 10, 100, 1_000];

const LENT_ASSETS = 1_000_000n * USDC; // by all together
const DEBT_ASSETS = 15_300n * USDC;
const WITHDRAWN_ASSETS = 100n * USDC;
const FALLEN_USD = 1_000n;
const DEADLINE = 2n ** 40n;

/** Lends by so many, writes off an insolvent account, and lets one of the lenders withdraw. @throws NoLossBorne */
export async function measureLenders(stage: LenderStage, lenders: number): Promise<LenderGas> {
  const { owner, keeper, lender, collateral, pass, setPrices } = stage;
  const pool = stage.pool.connect(lender);
  const to = await lender.getAddress();
  await setPrices(PRICE.first);
  const each = LENT_ASSETS / BigInt(lenders);
  for (let place = 0; place < lenders; place++) {
    const receiver = place === 0 ? to : otherLender(place);
    await done(() => pool.deposit(each, receiver));
  }
  const ownerAddress = await owner.getAddress();
  const account = toAccountId(ownerAddress, 0n);
  const asOwner = stage.vault.connect(owner);
  await done(() => asOwner.deposit(account, collateral, 10n * ETHER));
  await done(() => asOwner.borrow(account, 0n, DEBT_ASSETS, ownerAddress));
  pass(HOUR_FOR);
  await setPrices(FALLEN_USD);
  const before = await pool.totalAssets();
  const receiver = await keeper.getAddress();
  const asKeeper = stage.vault.connect(keeper);
  const writeOff = await gasOf(() =>
    asKeeper.writeOff(account, 0n, [MaxUint256], [0n], DEADLINE, receiver, "0x"),
  );
  const lossAssets = before - (await pool.totalAssets());
  if (lossAssets <= 0n) throw new NoLossBorne(lenders);
  pass(HOUR_FOR);
  await setPrices(FALLEN_USD);
  const withdraw = await gasOf(() => pool.withdraw(WITHDRAWN_ASSETS, to, to));
  return { lenders, writeOff, withdraw, lossAssets };
}

/** An address that holds shares and does nothing. */
function otherLender(place: number): string {
  return `0x${(0xabc0_0000 + place).toString(16).padStart(40, "0")}`;
}

// What an account with more collaterals and more debts costs: every collateral is priced, every debt accrued.
import { MaxUint256, type Signer } from "ethers";
import { type AccountId, toAccountId } from "../sdk/accountId.ts";
import type { ICollateralVault } from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import { done, ETHER, gasOf, HOUR_FOR, PRICE, type Stage, USDC } from "./stage.ts";

export const MAX_COLLATERALS = 8;
export const MAX_DEBTS = 4;

/** Surety with eight collaterals like WETH, four pools, and people who have all tokens, approved. */
export interface GridStage extends Pick<Stage, "pass" | "setPrices"> {
  readonly vault: ICollateralVault;
  readonly owner: Signer;
  readonly keeper: Signer;
  readonly collaterals: readonly string[]; // addresses
}

/** An account's gas by how much it holds and owes. */
export interface GridCell {
  readonly collaterals: number;
  readonly debts: number;
  readonly withdraw: number; // a part of the first collateral, debts open
  readonly liquidate: number; // of the first collateral and debt
}

// Of the first collateral enough that a part of it reaches the target.
const FIRST_ASSETS = 10n * ETHER;
const OTHER_ASSETS = ETHER / 2n;
const WITHDRAWN_ASSETS = ETHER / 10n;
const DEADLINE = 2n ** 40n;
/** Debt per value of collateral: safe at first, then nearly as much as the initial line allows [bps] */
const DEBT_BPS = { first: 40_00n, last: 76_50n };

interface Opened {
  readonly collaterals: number;
  readonly debts: number;
  readonly account: AccountId;
  readonly withdraw: number;
}

/**
 * Opens an account of each size, withdraws a part, owes as much as it may, and is liquidated after the price has fallen. An
 * account before them has used all slots.
 */
export async function measureGrid(stage: GridStage): Promise<readonly GridCell[]> {
  await stage.setPrices(PRICE.first);
  const warm = await open(stage, MAX_COLLATERALS, MAX_DEBTS, 0n);
  const opened: Opened[] = [];
  for (let debts = 1; debts <= MAX_DEBTS; debts++) {
    for (let collaterals = 1; collaterals <= MAX_COLLATERALS; collaterals++) {
      opened.push(await open(stage, collaterals, debts, BigInt(opened.length + 1)));
    }
  }
  await liquidate(stage, warm); // the owner's first default costs more than later ones
  const cells: GridCell[] = [];
  for (const { collaterals, debts, account, withdraw } of opened) {
    const gas = await liquidate(stage, { account });
    cells.push({ collaterals, debts, withdraw, liquidate: gas });
  }
  return cells;
}

async function open(
  stage: GridStage,
  collaterals: number,
  debts: number,
  tag: bigint,
): Promise<Opened> {
  const { owner, pass, setPrices } = stage;
  const vault = stage.vault.connect(owner);
  const to = await owner.getAddress();
  const account = toAccountId(to, tag);
  const assets = stage.collaterals.slice(0, collaterals);
  for (const [index, asset] of assets.entries()) {
    const amount = index === 0 ? FIRST_ASSETS : OTHER_ASSETS;
    await done(() => vault.deposit(account, asset, amount));
  }
  const borrow = async (bps: bigint) => {
    const held = FIRST_ASSETS + BigInt(collaterals - 1) * OTHER_ASSETS;
    const owed = (held * PRICE.first * USDC * bps) / 10_000n / ETHER;
    const each = owed / BigInt(debts);
    for (let pool = 0n; pool < debts; pool++) {
      await done(() => vault.borrow(account, pool, each, to));
    }
  };
  await borrow(DEBT_BPS.first);
  pass(HOUR_FOR);
  await setPrices(PRICE.first);
  const [first = ""] = assets;
  const withdraw = await gasOf(() => vault.withdraw(account, first, WITHDRAWN_ASSETS, to));
  await done(() => vault.deposit(account, first, WITHDRAWN_ASSETS));
  await borrow(DEBT_BPS.last - DEBT_BPS.first);
  return { collaterals, debts, account, withdraw };
}

async function liquidate(
  { vault, keeper, collaterals, pass, setPrices }: GridStage,
  { account }: Pick<Opened, "account">,
): Promise<number> {
  pass(HOUR_FOR);
  await setPrices(PRICE.fallen);
  const [asset = ""] = collaterals;
  const leg = { asset, pool: 0n, maxRepaidAssets: MaxUint256, minimumOut: 0n };
  const receiver = await keeper.getAddress();
  const asKeeper = vault.connect(keeper);
  return gasOf(() => asKeeper.liquidate(account, [leg], 0n, DEADLINE, receiver, "0x"));
}

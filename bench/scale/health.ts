// Gas of the lens' `healthOf`: what a keeper or an app asks a node for.
import type { Signer } from "ethers";
import { type AccountId, toAccountId } from "../../sdk/accountId.ts";
import { type GridStage, MAX_COLLATERALS, MAX_DEBTS } from "../grid.ts";
import { done, ETHER, HOUR_FOR, PRICE, USDC } from "../stage.ts";
import { calldataGas } from "./rollup.ts";

/** Gas of one account's health by how much it holds and owes. */
export interface HealthCell {
  readonly collaterals: number;
  readonly debts: number;
  readonly gas: number;
}

/** Gas of one call for several accounts. */
export interface HealthPage {
  readonly accounts: number;
  readonly gas: number;
}

export interface HealthGas {
  readonly cells: readonly HealthCell[];
  readonly pages: readonly HealthPage[]; // of accounts with `PAGED`
}

/** What the accounts of a page hold and owe. */
export const PAGED = { collaterals: 3, debts: 2 };
const PAGE_SIZES = [1, 10, 100];
const BASE_GAS = 21_000;
/** The most that one transaction may use, by EIP-7825. */
const GAS_LIMIT = 2n ** 24n;
const DEBT_ASSETS = 500n * USDC;

/** Opens accounts of all sizes and asks for their health an hour later; gas of execution, without that of a transaction. */
export async function measureHealth(stage: GridStage): Promise<HealthGas> {
  await stage.setPrices(PRICE.first);
  const opened: { collaterals: number; debts: number; account: AccountId }[] = [];
  for (let debts = 1; debts <= MAX_DEBTS; debts++) {
    for (let collaterals = 1; collaterals <= MAX_COLLATERALS; collaterals++) {
      const account = await open(stage, collaterals, debts, BigInt(opened.length));
      opened.push({ collaterals, debts, account });
    }
  }
  const paged: AccountId[] = [];
  const most = Math.max(...PAGE_SIZES);
  for (let place = 0; place < most; place++) {
    const tag = BigInt(opened.length + place);
    paged.push(await open(stage, PAGED.collaterals, PAGED.debts, tag));
  }
  const cells: HealthCell[] = [];
  for (const { account, ...size } of opened) {
    cells.push({ ...size, gas: await gasOfHealth(stage, [account]) });
  }
  const pages: HealthPage[] = [];
  for (const accounts of PAGE_SIZES) {
    pages.push({ accounts, gas: await gasOfHealth(stage, paged.slice(0, accounts)) });
  }
  return { cells, pages };
}

async function open(
  stage: GridStage,
  collaterals: number,
  debts: number,
  tag: bigint,
): Promise<AccountId> {
  const vault = stage.vault.connect(stage.owner);
  const to = await stage.owner.getAddress();
  const account = toAccountId(to, tag);
  for (const asset of stage.collaterals.slice(0, collaterals)) {
    await done(() => vault.deposit(account, asset, ETHER * BigInt(MAX_DEBTS)));
  }
  for (let pool = 0n; pool < debts; pool++) {
    await done(() => vault.borrow(account, pool, DEBT_ASSETS, to));
  }
  return account;
}

/** A view that is sent as a transaction has a receipt: its gas is exact. */
async function gasOfHealth(stage: GridStage, accounts: readonly AccountId[]): Promise<number> {
  stage.pass(HOUR_FOR);
  await stage.setPrices(PRICE.first);
  const data = stage.vault.interface.encodeFunctionData("healthOf", [[...accounts]]);
  const gas = await gasOfView(stage.keeper, await stage.vault.getAddress(), data);
  return gas - BASE_GAS - calldataGas(data);
}

async function gasOfView(sender: Signer, to: string, data: string): Promise<number> {
  const sent = await sender.sendTransaction({ to, data, gasLimit: GAS_LIMIT });
  return Number((await sent.wait())?.gasUsed ?? 0n);
}

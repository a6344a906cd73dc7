// The chain, the tokens, the feeds and the people that all protocols are measured with.
import type { ContractTransactionResponse, Signer } from "ethers";
import type { MockToken } from "../types/ethers-contracts/contracts/mocks/MockToken.ts";
import type { Gas, OperationId } from "./operations.ts";

/** A token with the feed that says its price. */
export interface StageAsset {
  readonly address: string;
  readonly token: MockToken;
  readonly feed: string; // the proxy
  readonly aggregator: string; // behind it
}

export interface Stage {
  readonly deployer: Signer;
  /** Each has all tokens, and has used nothing yet. */
  readonly people: People;
  readonly collaterals: readonly [StageAsset, StageAsset, StageAsset]; // WETH and two like it, 18 decimals
  readonly loan: StageAsset; // USDC, 6 decimals
  /** Time passes [s]; the next block has it. */
  readonly pass: (seconds: number) => void;
  /** A round for each feed, at the time of the latest block: collaterals at this price, the loan token at 1 USD. */
  readonly setPrices: (collateralUsd: bigint) => Promise<void>;
}

export interface People {
  readonly owner: Signer;
  readonly secondOwner: Signer;
  readonly thirdOwner: Signer;
  readonly oneDebtor: Signer; // with one collateral, to be liquidated
  readonly threeDebtor: Signer; // with three
  readonly other: Signer; // warms the slots that all share
  readonly lender: Signer;
  readonly keeper: Signer;
}

export type Send = () => Promise<ContractTransactionResponse>;

export const ETHER = 10n ** 18n;
export const USDC = 10n ** 6n;
export const HOUR_FOR = 3_600;

/** Prices that every protocol is measured at [USD] */
export const PRICE = { first: 2_000n, fallen: 1_725n };

/** What is deposited, borrowed and so on; the same for all. */
export const AMOUNT = {
  deposit: 10n * ETHER,
  withdrawal: ETHER,
  debt: 1_000n * USDC,
  repayment: 500n * USDC,
  loan: 100_000n * USDC,
  loanWithdrawal: 50_000n * USDC,
  reserve: 1_000_000n * USDC, // lent by others
  otherDebt: 50_000n * USDC, // so that there is interest
  otherCollateral: 100n * ETHER,
  // what a fall to `PRICE.fallen` makes liquidatable
  riskyDebt: 15_300n * USDC,
  riskyDebtOfThree: 61_330n * USDC,
  mostOfThree: 30n * ETHER, // of the first of three collaterals; of the others half of `deposit`
};

/** A transaction that was mined. */
export interface Sent {
  readonly from: string;
  readonly to: string;
  readonly data: string;
  readonly gas: number; // gasUsed of its receipt
}

/** Sends, waits, and returns what was sent with what the receipt says. */
export async function sentOf(send: Send): Promise<Sent> {
  const response = await send();
  const receipt = await response.wait();
  const { from, to, data } = response;
  return { from, to: to ?? "", data, gas: Number(receipt?.gasUsed ?? 0n) };
}

/** Sends, waits, and returns what the receipt says. */
export async function gasOf(send: Send): Promise<number> {
  return (await sentOf(send)).gas;
}

/** Sends and waits: for what is not measured. */
export async function done(send: Send): Promise<void> {
  await (await send()).wait();
}

export interface Meter {
  readonly gas: Gas;
  /** The transactions behind `gas`. */
  readonly sent: Readonly<Partial<Record<OperationId, readonly Sent[]>>>;
  /** An hour passes, prices are fresh, then the transactions are sent; their gas is added up. */
  measure(id: OperationId, ...sends: readonly Send[]): Promise<void>;
  /** The same after the collaterals' price has fallen. */
  measureFallen(id: OperationId, ...sends: readonly Send[]): Promise<void>;
}

export function meterOn(stage: Stage): Meter {
  const gas: Partial<Record<OperationId, number>> = {};
  const sent: Partial<Record<OperationId, readonly Sent[]>> = {};
  const at = async (priceUsd: bigint, id: OperationId, sends: readonly Send[]) => {
    stage.pass(HOUR_FOR);
    await stage.setPrices(priceUsd);
    const mined: Sent[] = [];
    for (const send of sends) mined.push(await sentOf(send));
    sent[id] = mined;
    gas[id] = mined.reduce((sum, transaction) => sum + transaction.gas, 0);
  };
  return {
    gas,
    sent,
    measure: (id, ...sends) => at(PRICE.first, id, sends),
    measureFallen: (id, ...sends) => at(PRICE.fallen, id, sends),
  };
}

// Named people with verbs, for stories. Amounts are texts in whole tokens.
import { MaxUint256, parseUnits, type Signer } from "ethers";
import { network } from "hardhat";
import { parseDecimal } from "../../deploy/quantity.ts";
import type { LocalOptions, LocalSystem } from "../../scripts/localSystem.ts";
import { deployLocalSystem } from "../../scripts/localSystem.ts";
import { type AccountId, toAccountId } from "../../sdk/accountId.ts";
import { type AccountView, readAccount } from "../../sdk/reader.ts";

/** A person with a wallet full of every token, who has approved the vault and the pools. */
export class Actor {
  readonly name: string;
  readonly signer: Signer;
  readonly address: string;
  readonly account: AccountId;
  readonly #system: LocalSystem;

  constructor(system: LocalSystem, name: string, signer: Signer, address: string) {
    this.#system = system;
    this.name = name;
    this.signer = signer;
    this.address = address;
    this.account = toAccountId(address, 0n);
  }

  get vault() {
    return this.#system.vault.connect(this.signer);
  }

  async deposits(symbol: string, tokens: string, account = this.account): Promise<void> {
    const asset = this.#system.asset(symbol);
    const assets = parseUnits(tokens, asset.decimals);
    await (await this.vault.deposit(account, asset.address, assets)).wait();
  }

  async withdraws(symbol: string, tokens: string): Promise<void> {
    const asset = this.#system.asset(symbol);
    const assets = tokens === "all" ? MaxUint256 : parseUnits(tokens, asset.decimals);
    await (await this.vault.withdraw(this.account, asset.address, assets, this.address)).wait();
  }

  async borrows(symbol: string, tokens: string): Promise<void> {
    const { id, asset } = this.#system.pool(symbol);
    const assets = parseUnits(tokens, asset.decimals);
    await (await this.vault.borrow(this.account, id, assets, this.address)).wait();
  }

  async repays(symbol: string, tokens: string, account = this.account): Promise<void> {
    const { id, asset } = this.#system.pool(symbol);
    const assets = tokens === "all" ? MaxUint256 : parseUnits(tokens, asset.decimals);
    await (await this.vault.repay(account, id, assets)).wait();
  }

  async lends(symbol: string, tokens: string): Promise<void> {
    const { pool, asset } = this.#system.pool(symbol);
    const assets = parseUnits(tokens, asset.decimals);
    await (await pool.connect(this.signer).deposit(assets, this.address)).wait();
  }

  async callsFor(account: AccountId): Promise<void> {
    await (await this.vault.issueMarginCall(account)).wait();
  }

  async clears(account: AccountId): Promise<void> {
    await (await this.vault.clearMarginCall(account)).wait();
  }

  /** Repays what is needed, at most everything, for one collateral. */
  async liquidates(account: AccountId, collateral: string, cash: string): Promise<void> {
    const { row } = await readAccount(this.#system.vault, account);
    const leg = {
      asset: this.#system.asset(collateral).address,
      pool: this.#system.pool(cash).id,
      maxRepaidAssets: MaxUint256,
      minimumOut: 0n,
    };
    const sent = await this.vault.liquidate(
      account,
      [leg],
      row.liquidations,
      MaxUint256,
      this.address,
      "0x",
    );
    await sent.wait();
  }

  async writesOff(account: AccountId): Promise<void> {
    const { row, snapshot } = await readAccount(this.#system.vault, account);
    const sent = await this.vault.writeOff(
      account,
      row.liquidations,
      snapshot.debts.map(() => MaxUint256),
      snapshot.collaterals.map(() => 0n),
      MaxUint256,
      this.address,
      "0x",
    );
    await sent.wait();
  }

  /** Exchanges collateral in one step. */
  async substitutes(
    incoming: Readonly<Record<string, string>>,
    outgoing: Readonly<Record<string, string>>,
  ): Promise<void> {
    const sent = await this.vault.substitute(
      this.account,
      this.#amounts(incoming),
      this.#amounts(outgoing),
    );
    await sent.wait();
  }

  #amounts(tokens: Readonly<Record<string, string>>): { asset: string; assets: bigint }[] {
    return Object.entries(tokens).map(([symbol, amount]) => {
      const { address, decimals } = this.#system.asset(symbol);
      return {
        asset: address,
        assets: amount === "all" ? MaxUint256 : parseUnits(amount, decimals),
      };
    });
  }

  /** All of a token. */
  async gives(symbol: string, receiver: string): Promise<void> {
    const token = this.#system.asset(symbol).token.connect(this.signer);
    await (await token.transfer(receiver, await token.balanceOf(this.address))).wait();
  }

  async balanceOf(symbol: string): Promise<bigint> {
    return this.#system.asset(symbol).token.balanceOf(this.address);
  }
}

/** A local system with people. */
export interface Scene {
  readonly system: LocalSystem;
  readonly alice: Actor;
  readonly bob: Actor;
  readonly keeper: Actor;
  readonly lender: Actor;
  readonly read: (account: AccountId) => Promise<AccountView>;
  /** Time passes, and all feeds answer again with the prices they had. */
  readonly waits: (seconds: number) => Promise<void>;
  /** Time passes, and no feed answers. */
  readonly waitsInSilence: (seconds: number) => Promise<void>;
  readonly prices: (prices: Readonly<Record<string, bigint>>) => Promise<void>;
  /** From now on the feed of an asset does not answer. */
  readonly silences: (symbol: string) => void;
}

const WALLET_DIGITS = 6; // a million of every token

/** Deploys the system and gives each person their wallet. Prices are USD with 8 decimals. */
export async function makeScene(options: LocalOptions = {}): Promise<Scene> {
  const { ethers, provider } = await network.create();
  const system = await deployLocalSystem(await ethers.getSigners(), options);
  const people: Actor[] = [];
  for (const [index, name] of ["alice", "bob", "keeper", "lender"].entries()) {
    const signer = system.actors[index];
    if (signer === undefined) throw new RangeError("too few actors");
    people.push(await equip(system, name, signer));
  }
  const [alice, bob, keeper, lender] = people;
  if (!alice || !bob || !keeper || !lender) throw new RangeError("somebody is missing");
  const last = new Map(
    system.params.assets.map(({ symbol, firstPrice }) => [
      symbol,
      parseDecimal(firstPrice ?? "0", 8),
    ]),
  );
  const waitsInSilence = async (seconds: number) => {
    await provider.request({ method: "evm_increaseTime", params: [seconds] });
    await provider.request({ method: "evm_mine", params: [] });
  };
  return {
    system,
    alice,
    bob,
    keeper,
    lender,
    read: (account) => readAccount(system.vault, account),
    waitsInSilence,
    waits: async (seconds) => {
      await waitsInSilence(seconds);
      await system.setPrices(Object.fromEntries(last));
    },
    silences: (symbol) => {
      last.delete(symbol);
    },
    prices: async (prices) => {
      for (const [symbol, price8] of Object.entries(prices)) last.set(symbol, price8);
      await system.setPrices(Object.fromEntries(last));
    },
  };
}

async function equip(system: LocalSystem, name: string, signer: Signer): Promise<Actor> {
  for (const { symbol, token, decimals } of system.assets) {
    await system.mint(symbol, signer, 10n ** BigInt(decimals + WALLET_DIGITS));
    await (await token.connect(signer).approve(system.vaultAddress, MaxUint256)).wait();
  }
  for (const { pool, asset } of system.pools) {
    await (await asset.token.connect(signer).approve(await pool.getAddress(), MaxUint256)).wait();
  }
  return new Actor(system, name, signer, await signer.getAddress());
}

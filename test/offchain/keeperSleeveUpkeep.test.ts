// What a keeper of sleeves asks the chain, and how it bears what comes back.
import { expect } from "chai";
import type { Provider } from "ethers";
import { DEFAULT_SETTINGS } from "../../keeper/config.ts";
import type { Followed } from "../../keeper/follower.ts";
import { createLogger } from "../../keeper/log.ts";
import type { Sender } from "../../keeper/sender.ts";
import { SleeveUpkeep } from "../../keeper/sleeveUpkeep.ts";
import { type AccountId, toAccountId } from "../../sdk/accountId.ts";
import { WAD } from "../../sdk/mathLib.ts";
import type { MarketView } from "../../sdk/market.ts";
import type { ICollateralVault } from "../../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";

const NOW_AT = 1_000_000_000n;
const LOOK_FOR = 60n;
const VAULT = `0x${"11".repeat(20)}`;
const SLEEVE = `0x${"22".repeat(20)}`;
const ASSET = `0x${"33".repeat(20)}`;
const KEY = `0x${"44".repeat(20)}`;
const ACCOUNTS = Array.from({ length: 45 }, (_, index) => toAccountId(KEY, BigInt(index)));
// only what a look at accounts needs
const MARKET = { assets: [], pools: [], rules: { dustValue: 100n } } as unknown as MarketView;

const HEALTH = {
  collateralValue: 0n,
  debtValue: 0n,
  coverInitial: 0n,
  coverMaintenance: 0n,
  requirement: 0n,
};

/** An account with a debt, and with so much of the sleeve at a price of one. */
function viewOf(account: AccountId, assets: bigint) {
  const snapshot = { collaterals: [{ asset: SLEEVE, assets, price: WAD }], debts: [] };
  const row = { ...HEALTH, debtValue: 10_000n * WAD, account, status: 0n };
  return { row, snapshot, opening: HEALTH, callState: 0n, episode: {}, seizures: [] };
}

/** A chain on which a sleeve answers with nothing, and nobody waits for it. */
class Chain {
  asked: AccountId[] = [];
  isAway = false;
  heldAssets = 0n;

  readonly provider = { call: () => Promise.resolve("0x") } as unknown as Provider;

  readonly vault = {
    recallQueueOf: () => Promise.resolve({ served: 0n, issued: 0n }),
    accountOf: (account: AccountId) => {
      if (this.isAway) return Promise.reject(awayError());
      this.asked.push(account);
      return Promise.resolve(viewOf(account, this.heldAssets));
    },
  } as unknown as ICollateralVault;

  /** Accounts that were asked for since the last time. */
  takeAsked(): readonly AccountId[] {
    const taken = this.asked;
    this.asked = [];
    return taken;
  }
}

function awayError(): Error {
  return Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
}

function upkeepOf({ provider, vault }: Chain, sender?: Sender): SleeveUpkeep {
  const upkeep = new SleeveUpkeep({
    provider,
    vault,
    vaultAddress: VAULT,
    settings: DEFAULT_SETTINGS,
    sender,
    log: createLogger("silent"),
    gasValue: () => Promise.resolve(0n),
  });
  const terms = { isCapped: true, maxDebtShareBps: 14_000n, toleranceBps: 500n };
  upkeep.keep([{ sleeve: SLEEVE, asset: ASSET, ...terms }]);
  return upkeep;
}

function following(accounts: readonly AccountId[]): Followed {
  return {
    head: { number: 1, hash: "0x" },
    nowAt: NOW_AT,
    borrowers: [],
    touched: accounts,
    reusers: accounts,
    movedSleeves: [],
    ruledSleeves: [],
    isReconfigured: false,
    isReorged: false,
  };
}

describe("upkeep of sleeves", () => {
  it("reads those who did something in portions, each once", async () => {
    const chain = new Chain();
    const upkeep = upkeepOf(chain);
    upkeep.remember(following(ACCOUNTS));
    const portions: (readonly AccountId[])[] = [];
    for (let look = 0; look < 4; look += 1) {
      expect(await upkeep.step(MARKET, NOW_AT)).to.equal(undefined);
      portions.push(chain.takeAsked());
    }
    expect(portions.map(({ length }) => length)).to.deep.equal([20, 20, 5, 0]);
    expect(portions.flat()).to.have.members(ACCOUNTS);
  });

  it("reads them again after the node was away", async () => {
    const chain = new Chain();
    const upkeep = upkeepOf(chain);
    upkeep.remember(following(ACCOUNTS));
    chain.isAway = true;
    const failure: unknown = await upkeep.step(MARKET, NOW_AT).catch((error: unknown) => error);
    expect(failure).to.have.property("code", "ECONNREFUSED");
    chain.isAway = false;
    for (let look = 0; look < 3; look += 1) await upkeep.step(MARKET, NOW_AT + LOOK_FOR);
    expect(chain.takeAsked()).to.include.members(ACCOUNTS);
  });

  it("finds trims of a later portion once those of the first are done", async () => {
    const chain = new Chain();
    chain.heldAssets = 15_000n * WAD;
    const upkeep = upkeepOf(chain);
    upkeep.remember(following(ACCOUNTS));
    const trimmed: unknown[] = [];
    for (let step = 0; step < ACCOUNTS.length; step += 1) {
      const outcome = await upkeep.step(MARKET, NOW_AT);
      if (outcome?.task.type === "trimReuse") trimmed.push(outcome.task.account);
    }
    expect(trimmed).to.have.members(ACCOUNTS);
  });

  it("goes on where a sleeve answers with nothing when it is asked for the key's shares", async () => {
    const chain = new Chain();
    // a look asks for the address alone
    const upkeep = upkeepOf(chain, { address: KEY } as unknown as Sender);
    expect(await upkeep.step(MARKET, NOW_AT)).to.equal(undefined);
  });
});

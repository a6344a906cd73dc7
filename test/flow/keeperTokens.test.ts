// Tokens that are paused or block somebody, and a keeper that lives with them.
import { expect } from "chai";
import { Wallet } from "ethers";
import { createKeeper, type Keeper, type StepReport } from "../../keeper/keeper.ts";
import { createLogger } from "../../keeper/log.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { readAccount } from "../../sdk/reader.ts";
import type { BlocklistToken } from "../../types/ethers-contracts/contracts/mocks/WeirdTokens.sol/BlocklistToken.ts";
import { BlocklistToken__factory } from "../../types/ethers-contracts/factories/contracts/mocks/WeirdTokens.sol/BlocklistToken__factory.ts";
import { keyOf, type LocalNode, startNode } from "../support/localNode.ts";

const USD_8D = 10n ** 8n;
const HOLDING = 10n * 10n ** 18n;
const USDC_DEBT = 18_000n * 10n ** 6n;
const DAI_DEBT = 18_000n * 10n ** 18n;
const CLOSE_OUT_PRICE = 1_950n * USD_8D; // 53 % of the cushion used
const [ALICE, BOB, LENDER, KEEPER] = [6, 7, 8, 10];

describe("keeper with tokens that refuse", () => {
  let node: LocalNode;
  let system: LocalSystem;
  let restore: () => Promise<void>;

  before(async () => {
    node = await startNode();
    system = await deployLocalSystem(node.signers, {
      assets: [
        { symbol: "WETH", price8: 2_500n * USD_8D },
        { symbol: "BLOCK", decimals: 18, price8: 2_500n * USD_8D, like: "WETH" },
      ],
      pools: ["USDC", "DAI"],
    });
    await system.lend("USDC", signer(LENDER), 1_000_000n * 10n ** 6n);
    await system.lend("DAI", signer(LENDER), 1_000_000n * 10n ** 18n);
    await system.mint("USDC", signer(KEEPER), 100_000n * 10n ** 6n);
    await system.mint("DAI", signer(KEEPER), 100_000n * 10n ** 18n);
  });

  after(() => node.close());

  beforeEach(async () => {
    restore = await node.snapshot();
  });

  afterEach(() => restore());

  const signer = (place: number) => node.signer(place);

  /** Deposits ten tokens worth 25,000 USD and borrows 18,000. */
  async function owes(place: number, symbol: string, cash: string, debt: bigint): Promise<string> {
    const owner = signer(place);
    const account = toAccountId(owner.address, 0n);
    const { token, address } = system.asset(symbol);
    await system.mint(symbol, owner, HOLDING);
    await (await token.connect(owner).approve(system.vaultAddress, HOLDING)).wait();
    const opened = system.vault
      .connect(owner)
      .depositAndBorrow(account, address, HOLDING, system.pool(cash).id, debt, owner.address);
    await (await opened).wait();
    return account;
  }

  /** Puts the code of a token that can refuse in the place of a listed one; balances stay. */
  async function makeRefusing(symbol: string): Promise<BlocklistToken> {
    const { address, decimals } = system.asset(symbol);
    const { deployer } = system.roles;
    const model = await new BlocklistToken__factory(deployer).deploy(decimals);
    await model.waitForDeployment();
    const code = await node.provider.getCode(await model.getAddress());
    await node.provider.send("hardhat_setCode", [address, code]);
    return BlocklistToken__factory.connect(address, deployer);
  }

  function makeKeeper(log = createLogger("silent")): Promise<Keeper> {
    return createKeeper({
      provider: node.provider,
      vault: system.vaultAddress,
      signer: new Wallet(keyOf(KEEPER), node.provider),
      log,
    });
  }

  function outcomesOf(report: StepReport): readonly (readonly [string, string, string])[] {
    return report.outcomes.flatMap(({ type, task }) =>
      "account" in task ? [[type, task.type, task.account] as const] : [],
    );
  }

  async function liquidationsOf(place: number): Promise<bigint> {
    const account = toAccountId(signer(place).address, 0n);
    return (await readAccount(system.vault, account)).row.liquidations;
  }

  it("puts an account aside whose collateral is paused, and liquidates the others", async () => {
    const alice = await owes(ALICE, "BLOCK", "USDC", USDC_DEBT);
    const bob = await owes(BOB, "WETH", "USDC", USDC_DEBT);
    const token = await makeRefusing("BLOCK");
    await (await token.setPaused(true)).wait();
    const keeper = await makeKeeper();
    await system.setPrices({ WETH: CLOSE_OUT_PRICE, BLOCK: CLOSE_OUT_PRICE });

    const report = await keeper.step();
    expect(outcomesOf(report)).to.have.deep.members([
      ["putAside", "liquidate", alice],
      ["done", "liquidate", bob],
    ]);
    const [refused] = report.outcomes.filter((outcome) => outcome.type === "putAside");
    expect(refused?.error.name).to.equal("UnknownRevert");
    expect(refused?.untilBlock).to.equal(report.block + 2);
  });

  it("tries again after a growing number of blocks, until the token moves", async () => {
    const alice = await owes(ALICE, "BLOCK", "USDC", USDC_DEBT);
    const token = await makeRefusing("BLOCK");
    await (await token.setPaused(true)).wait();
    const keeper = await makeKeeper();
    await keeper.step(); // allowances take blocks, too
    await system.setPrice("BLOCK", CLOSE_OUT_PRICE);

    const waits: number[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      const report = await keeper.step();
      const [refused] = report.outcomes.filter((outcome) => outcome.type === "putAside");
      const wait = (refused?.untilBlock ?? 0) - report.block;
      waits.push(wait);
      expect(outcomesOf(await keeper.step())).to.deep.equal([]);
      await node.mine(wait);
    }
    expect(waits).to.deep.equal([2, 4, 8, 16]);
    await (await token.setPaused(false)).wait();
    expect(outcomesOf(await keeper.step())).to.deep.equal([["done", "liquidate", alice]]);
    expect(await liquidationsOf(ALICE)).to.equal(1n);
  });

  it("starts and goes on when one cash blocks its address", async () => {
    const alice = await owes(ALICE, "WETH", "USDC", USDC_DEBT);
    const bob = await owes(BOB, "WETH", "DAI", DAI_DEBT);
    const usdc = await makeRefusing("USDC");
    await (await usdc.setBlocked(signer(KEEPER).address, true)).wait();
    const keeper = await makeKeeper();
    await system.setPrice("WETH", CLOSE_OUT_PRICE);
    expect(outcomesOf(await keeper.step())).to.have.deep.members([
      ["putAside", "liquidate", alice],
      ["done", "liquidate", bob],
    ]);
  });

  it("still calls an account whose liquidation is put aside", async () => {
    const alice = await owes(ALICE, "BLOCK", "USDC", USDC_DEBT);
    const token = await makeRefusing("BLOCK");
    await (await token.setPaused(true)).wait();
    const keeper = await makeKeeper();
    await system.setPrice("BLOCK", CLOSE_OUT_PRICE);
    expect(outcomesOf(await keeper.step())).to.deep.equal([["putAside", "liquidate", alice]]);
    await system.setPrice("BLOCK", 2_080n * USD_8D);
    expect(outcomesOf(await keeper.step())).to.deep.equal([["done", "issue", alice]]);
  });

  it("ends on what is refused and about no account", async () => {
    await owes(ALICE, "WETH", "USDC", USDC_DEBT);
    const keeper = await makeKeeper();
    await node.provider.send("hardhat_setCode", [system.vaultAddress, "0xfe"]);
    let caught: unknown;
    await keeper.step().catch((error: unknown) => {
      caught = error;
    });
    expect(caught).to.be.instanceOf(Error);
  });
});

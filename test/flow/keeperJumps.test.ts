// A price that jumps: nobody is liquidated for it alone until a round confirms it, and the keeper reads that round at once.
import { expect } from "chai";
import { Wallet } from "ethers";
import { createKeeper, type Keeper, type StepReport } from "../../keeper/keeper.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { explainError } from "../../sdk/errors.ts";
import { isJump, waitsUntil, WINDOW_FOR } from "../../sdk/jump.ts";
import { type AssetView, readMarket, readPair } from "../../sdk/market.ts";
import { readMeasure } from "../../sdk/measures.ts";
import { type AccountView, readAccount } from "../../sdk/reader.ts";
import { logReturnWad } from "../../sdk/variance.ts";
import { keyOf, type LocalNode, startNode } from "../support/localNode.ts";

const USD_8D = 10n ** 8n;
const WAD = 10n ** 18n;
const [ALICE, LENDER, KEEPER] = [6, 7, 10];
const CALM_DAYS = 50;
const DAY_FOR = 86_400;
const BEFORE = 2_500n * USD_8D;
const JUMPED = 2_300n * USD_8D;

describe("a price that jumps", () => {
  let node: LocalNode;
  let system: LocalSystem;
  let bob: Keeper;
  let restore: () => Promise<void>;

  before(async () => {
    node = await startNode();
    const options = { assets: ["WETH"], pools: ["USDC"], haircuts: "measured" } as const;
    system = await deployLocalSystem(node.signers, options);
    await system.lend("USDC", signer(LENDER), 1_000_000n * 10n ** 6n);
    await system.mint("USDC", signer(KEEPER), 100_000n * 10n ** 6n);
    for (let day = 0; day < CALM_DAYS; day += 1) {
      await node.pass(DAY_FOR);
      await system.setPrices({ WETH: BEFORE + (day % 2 === 0 ? USD_8D : 0n), USDC: USD_8D });
    }
    const measured = [system.asset("WETH").address, system.asset("USDC").address] as const;
    for (const asset of measured) await (await system.vault.refresh(asset, 100n)).wait();
    await (await system.vault.refreshPair(...measured, 100n)).wait();
    await openAccount();
    const signerOfBob = new Wallet(keyOf(KEEPER), node.provider);
    const { provider } = node;
    bob = await createKeeper({ provider, vault: system.vaultAddress, signer: signerOfBob });
  });

  after(() => node.close());

  beforeEach(async () => {
    restore = await node.snapshot();
  });

  afterEach(() => restore());

  const signer = (place: number) => node.signer(place);

  const account = () => toAccountId(signer(ALICE).address, 0n);
  const view = () => readAccount(system.vault, account());

  /** Alice borrows all she may, is called in a slow fall, and covered again; nobody clears her call, and its time runs out. */
  async function openAccount(): Promise<void> {
    const { address, token } = system.asset("WETH");
    const alice = signer(ALICE);
    const vault = system.vault.connect(alice);
    await system.mint("WETH", alice, 20n * WAD);
    await (await token.connect(alice).approve(system.vaultAddress, 20n * WAD)).wait();
    await (await vault.deposit(account(), address, 20n * WAD)).wait();
    const { row } = await view();
    const { initialPpm } = await readPair(system.vault, address, system.pool("USDC").id);
    const creditPpm = ((1_000_000n - initialPpm) * 98n) / 100n;
    const most = (row.collateralValue * creditPpm) / 10n ** 18n;
    await (await vault.borrow(account(), system.pool("USDC").id, most, alice.address)).wait();
    await fallUntil(({ row: now }) => now.status === "callable");
    await (await system.vault.issueMarginCall(account())).wait();
    const { row: called } = await view();
    await node.pass(Number(called.deadline) - (await nowAt()) + 60);
    await round((await price()) + 40n * USD_8D);
    await (await system.vault.refresh(address, 100n)).wait();
    expect((await view()).row.status).to.equal("paused");
  }

  /** Rounds of a hundredth down: no jumps. */
  async function fallUntil(isReached: (found: AccountView) => boolean): Promise<void> {
    for (let hour = 0; hour < 60 && !isReached(await view()); hour += 1) {
      await node.pass(3_600);
      await round(((await price()) * 99n) / 100n);
    }
  }

  const nowAt = async () => (await node.provider.getBlock("latest"))?.timestamp ?? 0;
  const round = (price8: bigint) => system.setPrices({ WETH: price8, USDC: USD_8D });

  async function price(): Promise<bigint> {
    return (await system.asset("WETH").feed.latestRoundData()).answer;
  }

  async function weth(): Promise<AssetView> {
    const { assets } = await readMarket(system.vault);
    const found = assets.find(({ asset }) => asset === system.asset("WETH").address);
    if (found === undefined) throw new Error("no WETH");
    return found;
  }

  /** A fall of a twelfth in one round, and whether the measure says that it is a jump. */
  async function jump(): Promise<bigint> {
    const before = await price();
    const measure = await readMeasure(system.vault, system.asset("WETH").address);
    if (measure === undefined) throw new Error("nothing is measured");
    await node.pass(600);
    const after = (before * JUMPED) / BEFORE;
    await round(after);
    expect(isJump(logReturnWad(before, after), measure.varianceWad, 600n)).to.equal(true);
    return after;
  }

  async function expectWaiting(untilAt: bigint): Promise<void> {
    const found = await view();
    const { rules, assets } = await readMarket(system.vault);
    expect(found.row.status).to.equal("called");
    expect(found.row.coverMaintenance < found.row.requirement).to.equal(true);
    expect(found.waitsUntil).to.equal(untilAt);
    expect(waitsUntil(found.snapshot, rules, assets), "the sdk says so, too").to.equal(untilAt);
    expect((await weth()).jumpEndsAt).to.equal(untilAt);
    expect(await refusal(found)).to.equal("JumpUnconfirmed");
  }

  async function refusal({ row }: AccountView): Promise<string> {
    const { address } = system.asset("WETH");
    const leg = { asset: address, pool: 0n, maxRepaidAssets: 10n ** 9n, minimumOut: 0n };
    const receiver = signer(KEEPER).address;
    const vault = system.vault.connect(signer(KEEPER));
    return vault.liquidate
      .staticCall(account(), [leg], row.liquidations, 2n ** 60n, receiver, "0x")
      .then(
        () => "liquidated",
        (error: unknown) => explainError(error).name,
      );
  }

  const kindsOf = ({ outcomes }: StepReport) =>
    outcomes.map(({ type, task }) => `${task.type} ${type}`);

  /** Refreshes come one a look. */
  async function looks(count: number): Promise<readonly string[]> {
    const kinds: string[] = [];
    for (let look = 0; look < count; look += 1) kinds.push(...kindsOf(await bob.step()));
    return kinds;
  }

  it("liquidates nobody for it alone, before and after a refresh has seen it", async () => {
    await jump();
    const untilAt = BigInt(await latestRoundAt()) + WINDOW_FOR;
    await expectWaiting(untilAt);
    await (await system.vault.refresh(system.asset("WETH").address, 1n)).wait();
    await expectWaiting(untilAt);
    expect(kindsOf(await bob.step()).filter((kind) => kind.startsWith("liquidate"))).to.be.empty;
    await node.pass(Number(untilAt) - (await nowAt()));
    expect((await view()).waitsUntil).to.equal(0n);
    expect(kindsOf(await bob.step())).to.include("liquidate done");
  });

  it("goes on as soon as a round confirms half of it: the keeper reads that round at once", async () => {
    const low = await jump();
    expect(kindsOf(await bob.step())).to.include("refresh done");
    await node.pass(120);
    await round(low);
    const kinds = await looks(4);
    expect(kinds).to.include("refresh done");
    expect(kinds).to.include("liquidate done");
    expect((await weth()).jumpEndsAt).to.equal(0n);
  });

  it("is over when the price goes back", async () => {
    const before = await price();
    await jump();
    await bob.step();
    await node.pass(120);
    await round(before);
    const kinds = await looks(4);
    expect(kinds.filter((kind) => kind.startsWith("liquidate"))).to.be.empty;
    expect((await view()).row.status).to.equal("paused");
  });

  async function latestRoundAt(): Promise<number> {
    return Number((await system.asset("WETH").feed.latestRoundData()).updatedAt);
  }
});

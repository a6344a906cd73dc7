import { expect } from "chai";
import { MaxUint256, parseUnits, Signature, toBeHex, TypedDataEncoder, Wallet } from "ethers";
import { network } from "hardhat";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { type AccountId, toAccountId } from "../../sdk/accountId.ts";
import {
  consentTypedData,
  type OperatorConsent,
  permitTypedData,
  RIGHTS,
  sortedTerms,
  toNonce,
} from "../../sdk/consent.ts";
import { explainError } from "../../sdk/errors.ts";
import { probeAssets } from "../../sdk/probe.ts";
import type { PermitToken } from "../../types/ethers-contracts/contracts/mocks/PermitTokens.sol/PermitToken.ts";
import { PermitToken__factory } from "../../types/ethers-contracts/factories/contracts/mocks/PermitTokens.sol/PermitToken__factory.ts";

const DAY_FOR = 86_400n;
const NOBODY = "0x000000000000000000000000000000000000dEaD";

describe("what owners sign", () => {
  let system: LocalSystem;
  let coin: PermitToken;
  let chainId: bigint;
  let now: bigint;
  let owner: Wallet;
  let account: AccountId;

  before(async () => {
    const { ethers, provider } = await network.create();
    system = await deployLocalSystem(await ethers.getSigners());
    ({ chainId } = await system.provider.getNetwork());
    owner = new Wallet(Wallet.createRandom().privateKey, system.provider);
    account = toAccountId(owner.address, 0n);
    await provider.request({
      method: "hardhat_setBalance",
      params: [owner.address, toBeHex(parseUnits("10"))],
    });
    coin = await new PermitToken__factory(system.roles.deployer).deploy("coin", 18);
    await (await coin.mint(owner.address, parseUnits("100"))).wait();
    await (await coin.mint(await operator().getAddress(), parseUnits("100"))).wait();
    await lists(await coin.getAddress());
    now = BigInt((await system.provider.getBlock("latest"))?.timestamp ?? 0);
  });

  it("appoints an operator, who acts within the terms", async () => {
    const weth = system.asset("WETH");
    const consent = await consentOf({
      rights: RIGHTS.withdraw,
      expiresAt: now + DAY_FOR,
      leastCoverageBps: 0n,
      allowances: [
        { asset: NOBODY, assets: 1n },
        { asset: await coin.getAddress(), assets: parseUnits("2") },
        { asset: weth.address, assets: MaxUint256 },
      ],
    });
    await brings(consent, await signs(owner, consent));
    await deposits("3");
    await (
      await system.vault
        .connect(operator())
        .withdraw(account, await coin.getAddress(), parseUnits("2"), owner.address)
    ).wait();
    const left = await system.vault.allowanceOf(account, consent.operator, await coin.getAddress());
    expect(left).to.equal(0n);
    expect(await system.vault.allowanceOf(account, consent.operator, weth.address)).to.equal(
      MaxUint256,
    );
  });

  it("has the domain that the vault tells (ERC-5267)", async () => {
    const domain = await system.vault.eip712Domain();
    const { domain: signed } = consentTypedData(
      system.vaultAddress,
      chainId,
      await consentOf(NO_TERMS),
    );
    expect(
      TypedDataEncoder.hashDomain({
        name: domain.name,
        version: domain.version,
        chainId: domain.chainId,
        verifyingContract: domain.verifyingContract,
      }),
    ).to.equal(TypedDataEncoder.hashDomain(signed));
  });

  it("is refused from another key, another chain, another vault, and after a lockdown", async () => {
    const consent = await consentOf({ ...NO_TERMS, rights: 1n, expiresAt: now + DAY_FOR });
    const { domain, types, message } = consentTypedData(system.vaultAddress, chainId, consent);
    const refused = [
      await Wallet.createRandom().signTypedData(domain, types, message),
      await owner.signTypedData({ ...domain, chainId: chainId + 1n }, types, message),
      await owner.signTypedData({ ...domain, verifyingContract: NOBODY }, types, message),
      await owner.signTypedData({ ...domain, name: "surety" }, types, message),
      await owner.signTypedData({ ...domain, version: "2" }, types, message),
    ];
    for (const signature of refused) {
      expect(await reasonOf(brings(consent, signature))).to.equal("ConsentNotSigned");
    }
    const signature = await owner.signTypedData(domain, types, message);
    await (await system.vault.connect(owner).lockdown(account)).wait();
    expect(await reasonOf(brings(consent, signature))).to.equal("ConsentNotSigned");
    const again = await consentOf({ ...NO_TERMS, rights: 1n, expiresAt: now + DAY_FOR });
    expect(again.epoch).to.equal(1n);
    await brings(again, await signs(owner, again));
  });

  it("deposits in one transaction, without an approval", async () => {
    const before = await system.vault.holdingOf(account, await coin.getAddress());
    await deposits("5");
    expect(await system.vault.holdingOf(account, await coin.getAddress())).to.equal(
      before + parseUnits("5"),
    );
    expect(await coin.allowance(owner.address, system.vaultAddress)).to.equal(0n);
  });

  it("sorts allowances by address, and packs nonces", () => {
    const terms = sortedTerms({
      ...NO_TERMS,
      allowances: [
        { asset: "0xB000000000000000000000000000000000000000", assets: 1n },
        { asset: "0xa000000000000000000000000000000000000000", assets: 2n },
      ],
    });
    expect(terms.allowances.map(({ assets }) => assets)).to.deep.equal([2n, 1n]);
    expect(toNonce(3n, 5n)).to.equal(3n * 2n ** 64n + 5n);
    for (const [namespace, counter] of [
      [2n ** 192n, 0n],
      [0n, 2n ** 64n],
      [-1n, 0n],
      [0n, -1n],
    ] as const) {
      expect(() => toNonce(namespace, counter)).to.throw(RangeError);
    }
  });

  const NO_TERMS = { rights: 0n, expiresAt: 0n, leastCoverageBps: 0n, allowances: [] } as const;

  function operator() {
    const [found] = system.actors;
    if (found === undefined) throw new RangeError("nobody is there");
    return found;
  }

  /** A consent for the operator, as the owner would sign it now. */
  async function consentOf(terms: OperatorConsent["terms"]): Promise<OperatorConsent> {
    return {
      account,
      operator: await operator().getAddress(),
      terms,
      epoch: await system.vault.epochOf(account),
      nonce: await system.vault.nextNonceOf(account, 7n),
      deadline: now + DAY_FOR,
    };
  }

  async function signs(wallet: Wallet, consent: OperatorConsent): Promise<string> {
    const { domain, types, message } = consentTypedData(system.vaultAddress, chainId, consent);
    return wallet.signTypedData(domain, types, message);
  }

  async function brings(consent: OperatorConsent, signature: string): Promise<void> {
    const terms = sortedTerms(consent.terms);
    const sent = await system.vault
      .connect(operator())
      .setOperatorBySig(
        consent.account,
        consent.operator,
        { ...terms, allowances: [...terms.allowances] },
        consent.nonce,
        consent.deadline,
        signature,
      );
    await sent.wait();
  }

  /** The owner deposits coins with a permit. */
  async function deposits(tokens: string): Promise<void> {
    const address = await coin.getAddress();
    const value = parseUnits(tokens);
    const deadline = now + DAY_FOR;
    const { domain, types, message } = permitTypedData(
      { address, name: "coin", version: "1" },
      chainId,
      {
        owner: owner.address,
        spender: system.vaultAddress,
        value,
        nonce: await coin.nonces(owner.address),
        deadline,
      },
    );
    const { v, r, s } = Signature.from(await owner.signTypedData(domain, types, message));
    const data = system.vault.interface.encodeFunctionData("deposit", [account, address, value]);
    const vault = system.vault.connect(owner);
    await (await vault.permitAndCall(address, value, deadline, v, r, s, data)).wait();
  }

  async function lists(address: string): Promise<void> {
    const { feed } = system.asset("WETH");
    const config = {
      feed: await feed.getAddress(),
      maxAgeFor: DAY_FOR,
      lowestAnswer: 1n,
      highestAnswer: 10n ** 12n,
      secondFeed: toBeHex(0n, 20),
      secondMaxAgeFor: 0n,
      maxDeviationBps: 0n,
      rate: { provider: toBeHex(0n, 20), selector: "0x00000000", decimals: 0n, growthPpm: 0n },
    };
    const vault = system.vault.connect(system.roles.governor);
    await (await coin.mint(system.vaultAddress, probeAssets(18))).wait();
    await (await vault.listAsset(address, config, parseUnits("1000"))).wait();
  }

  async function reasonOf(attempt: Promise<void>): Promise<string> {
    return attempt.then(
      () => "passed",
      (error: unknown) => explainError(error).name,
    );
  }
});

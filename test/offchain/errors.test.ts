import { expect } from "chai";
import { AbiCoder, encodeBytes32String, JsonRpcProvider, makeError } from "ethers";
import { errorTextOf, explainError, isRefusal, SuretyError } from "../../sdk/errors.ts";
import { ERROR_TEXTS } from "../../sdk/errorTexts.ts";
import { CUSTOM_ERRORS, type CustomError } from "../../sdk/generated/errors.ts";
import { LIBRARY_ERROR_TEXTS } from "../../sdk/libraryErrorTexts.ts";

const ACCOUNT = `0x${"ab".repeat(20)}${"00".repeat(12)}`;
const BUILT_IN = ["Error", "Panic"];

function sampleOf({ name, type }: CustomError["inputs"][number], position: number): unknown {
  if (type === "bytes32") return name === "name" ? encodeBytes32String("closeOutBps") : ACCOUNT;
  if (type === "bytes4") return "0x12345678";
  if (type === "address") return `0x${String(position + 1).repeat(40)}`;
  if (type === "string") return "why";
  return 11n + BigInt(position);
}

function dataOf(error: CustomError, values: readonly unknown[]): string {
  const types = error.inputs.map(({ type }) => type);
  return error.selector + AbiCoder.defaultAbiCoder().encode(types, values).slice(2);
}

function revertOf(name: string, ...values: readonly unknown[]): string {
  const found = CUSTOM_ERRORS.find((error) => error.name === name);
  if (found === undefined) throw new Error(`no error ${name}`);
  return dataOf(found, values);
}

describe("error texts", () => {
  for (const error of CUSTOM_ERRORS) {
    it(`explains ${error.name} with all its arguments`, () => {
      const text = errorTextOf(error.name);
      if (text === undefined) throw new Error(`${error.name} has no text in sdk/errorTexts.ts`);
      const whole = `${text.found} ${text.allowed} ${text.remedy}`;
      const named = [...whole.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect([...new Set(named)]).to.have.members(error.inputs.map(({ name }) => name));
      for (const sentence of [text.found, text.allowed, text.remedy]) {
        expect(sentence).to.match(/^[A-Z0-9{].*\.$/);
      }

      const values = error.inputs.map(sampleOf);
      const explained = explainError({ code: "CALL_EXCEPTION", data: dataOf(error, values) });
      expect(explained.name).to.equal(error.name);
      expect(explained.isRetryable).to.equal(text.isRetryable);
      expect(Object.keys(explained.args)).to.deep.equal(error.inputs.map(({ name }) => name));
      expect(explained.message).to.not.match(/\{\w+\}/);
    });
  }

  it("has no text without an error", () => {
    const known = new Set([...CUSTOM_ERRORS.map(({ name }) => name), ...BUILT_IN]);
    const texts = [...Object.keys(ERROR_TEXTS), ...Object.keys(LIBRARY_ERROR_TEXTS)];
    expect(texts.filter((name) => !known.has(name))).to.deep.equal([]);
    expect(new Set(texts).size).to.equal(texts.length);
  });
});

describe("explainError", () => {
  it("writes arguments in the units of their names", () => {
    const data = revertOf(
      "CureTimeLeft",
      ACCOUNT,
      1_700_000_000n,
      150_000_000_000_000_000n,
      20_00n,
    );
    const { message, args, isRetryable } = explainError(data);
    expect(message)
      .to.include(ACCOUNT)
      .and.include("2023-11-14T22:13:20Z (1700000000)")
      .and.include("0.15 ")
      .and.include("20 %");
    expect(args).to.deep.equal({
      account: ACCOUNT,
      deadline: 1_700_000_000n,
      usedWad: 150_000_000_000_000_000n,
      closeOutBps: 20_00n,
    });
    expect(isRetryable).to.equal(true);
  });

  it("reads names, rights and values", () => {
    const bounds = explainError(
      revertOf("ParameterOutOfBounds", encodeBytes32String("feeBps"), 9n, 1n, 8n),
    );
    expect(bounds.message).to.include("The parameter feeBps was to become 9.");
    const right = explainError(revertOf("NotPermitted", ACCOUNT, `0x${"11".repeat(20)}`, 8n));
    expect(right.message).to.include("8 (send)");
    const margin = explainError(revertOf("InsufficientMargin", ACCOUNT, 15n * 10n ** 17n, 0n));
    expect(margin.message).to.include("1.5 USD").and.include(" 0 USD");
  });

  it("finds the data wherever a provider has put it", () => {
    const data = revertOf("ZeroAssets");
    const shapes = [
      data,
      { data },
      { code: -32603, data: { message: "reverted", data } },
      { info: { error: { code: 3, data } } },
      { error: { data: { data } } },
      new Error("wrapped", { cause: { data } }),
    ];
    for (const shape of shapes) expect(explainError(shape).name).to.equal("ZeroAssets");
  });

  it("keeps the cause, and gives an explained error back as it is", () => {
    const cause = { data: revertOf("ZeroAssets") };
    const explained = explainError(cause);
    expect(explained).to.be.instanceOf(SuretyError).and.have.property("cause", cause);
    expect(explainError(explained)).to.equal(explained);
  });

  it("says so when the data is unknown", () => {
    const unknown = explainError({ data: "0xdeadbeef" });
    expect(unknown).to.include({ name: "UnknownRevert", isRetryable: false });
    expect(unknown.message).to.include("0xdeadbeef");
    const cut = explainError({ data: revertOf("NoCall", ACCOUNT).slice(0, 40) });
    expect(cut.name).to.equal("UnknownRevert");
    const long = explainError({ data: `0xdeadbeef${"00".repeat(4_000)}` });
    expect(long.message.length).to.be.below(1_000);
    expect(explainError({ data: "0x" }).name).to.equal("UnknownRevert");
    expect(explainError({ code: "CALL_EXCEPTION", data: null }).name).to.equal("UnknownRevert");
  });

  it("reads a panic and a plain reason", () => {
    const coder = AbiCoder.defaultAbiCoder();
    const panic = explainError(`0x4e487b71${coder.encode(["uint256"], [0x11]).slice(2)}`);
    expect(panic).to.have.property("name", "Panic");
    expect(panic.message).to.include("0x11");
    const reason = explainError(`0x08c379a0${coder.encode(["string"], ["too late"]).slice(2)}`);
    expect(reason.message).to.include("too late");
  });

  it("takes a node that lags behind the block it was asked for as one to be asked again", () => {
    const request = { method: "eth_call", params: [{}, "0x10"], jsonrpc: "2.0" as const, id: 1 };
    const provider = new JsonRpcProvider("http://127.0.0.1:1", 1, { staticNetwork: true });
    for (const message of ["header not found", "missing trie node 0xab (path )"]) {
      const answer = { id: 1, error: { code: -32000, message } };
      for (const method of ["eth_call", "eth_getBalance"]) {
        const thrown = provider.getRpcError({ ...request, method }, answer);
        const explained = explainError(thrown);
        expect(explained).to.include({ name: "NetworkFailure", isRetryable: true });
        expect(explained.message).to.include(message);
      }
    }
    const refused = { id: 1, error: { code: -32000, message: "execution reverted" } };
    expect(explainError(provider.getRpcError(request, refused)).name).to.equal("UnknownRevert");
    provider.destroy();
  });

  it("tells the network from the sender and from the unknown", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    expect(explainError(refused)).to.include({ name: "NetworkFailure", isRetryable: true });
    const poor = makeError("insufficient funds", "INSUFFICIENT_FUNDS", {
      transaction: {},
    });
    expect(explainError(poor)).to.include({ name: "SendFailure", isRetryable: false });
    expect(explainError(new Error("what"))).to.include({ name: "UnknownFailure" });
    expect(explainError(undefined)).to.include({ name: "UnknownFailure" });
    const answered = Object.assign(new Error("could not coalesce error (payload=…)"), {
      code: "UNKNOWN_ERROR",
      error: { code: -32000, message: "nonce too high" },
    });
    expect(explainError(answered).message).to.include("nonce too high").and.not.include("payload");
    expect(explainError("text").message).to.include("text");
  });
});

describe("isRefusal", () => {
  it("is a contract that refuses, or answers with something else than was asked for", () => {
    expect(isRefusal({ data: revertOf("ZeroAssets") })).to.equal(true);
    expect(isRefusal({ code: "CALL_EXCEPTION", data: null })).to.equal(true);
    const empty = makeError("could not decode result data", "BAD_DATA", { value: "0x" });
    expect(isRefusal(empty)).to.equal(true);
  });

  it("is no node that is away or behind, and nothing that is not understood", () => {
    expect(isRefusal(Object.assign(new Error("away"), { code: "ECONNREFUSED" }))).to.equal(false);
    const behind = { code: "CALL_EXCEPTION", info: { error: { message: "header not found" } } };
    expect(isRefusal(behind)).to.equal(false);
    expect(isRefusal(new RangeError("what"))).to.equal(false);
    expect(isRefusal(undefined)).to.equal(false);
  });
});

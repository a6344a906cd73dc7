// Why the keeper stops. Each error says what was found, what is allowed and what to do.
import { SuretyError } from "../sdk/errors.ts";

/** The node at the given address does not answer, or is no Ethereum node. */
export class NodeUnreachable extends Error {
  override readonly name = "NodeUnreachable";
  readonly host: string;

  constructor(host: string, reason: string, cause: unknown) {
    super(`The node at ${host} does not answer as one (${reason}). Check --rpc and the network.`, {
      cause,
    });
    this.host = host;
  }
}

/** At the vault's address there is no vault. */
export class VaultNotFound extends Error {
  override readonly name = "VaultNotFound";
  readonly vault: string;
  readonly chainId: bigint;

  constructor(vault: string, chainId: bigint, found: string, cause?: unknown) {
    super(
      `No Surety vault at ${vault} on chain ${chainId}: ${found}. Check --vault, and that --rpc is a node of its chain.`,
      { cause },
    );
    this.vault = vault;
    this.chainId = chainId;
  }
}

/** Transactions are to be sent and there is nobody to sign them. */
export class SignerMissing extends Error {
  override readonly name = "SignerMissing";

  constructor() {
    super(
      "No private key was given, and transactions are to be sent. Give a key, or use mode dry-run.",
    );
  }
}

/** The liquidator is none, is of another vault, or does not let the keeper's key run it. */
export class LiquidatorUnfit extends Error {
  override readonly name = "LiquidatorUnfit";
  readonly liquidator: string;

  constructor(liquidator: string, found: string, cause?: unknown) {
    super(
      `The liquidator at ${liquidator} cannot be used: ${found}. Check --liquidator; its owner names the key with setKeeper.`,
      { cause },
    );
    this.liquidator = liquidator;
  }
}

/** The node refuses even the logs of one block. */
export class LogsRefused extends Error {
  override readonly name = "LogsRefused";
  readonly block: number;

  constructor(block: number, cause: unknown) {
    super(
      `The node refuses the logs of block ${block} alone. Use a node that serves eth_getLogs for this range, or a later --from-block.`,
      { cause },
    );
    this.block = block;
  }
}

/** The node answers, and has no latest block: it has just started, or follows no chain yet. Asked again. */
export class HeadMissing extends SuretyError {
  constructor() {
    super("The node has no latest block. Wait until it has one, or use another node.", {
      name: "NetworkFailure",
      args: {},
      isRetryable: true,
      cause: undefined,
    });
  }
}

/** The chain changed further back than the follower remembers. */
export class ReorgTooDeep extends Error {
  override readonly name = "ReorgTooDeep";
  readonly oldestBlock: number;

  constructor(oldestBlock: number) {
    super(
      `The chain changed before block ${oldestBlock}, the oldest that is remembered. Make sure the node is right, then start the keeper anew: it reads everything again.`,
    );
    this.oldestBlock = oldestBlock;
  }
}

/** A transaction was not mined although its fees were raised again and again. */
export class TransactionStuck extends Error {
  override readonly name = "TransactionStuck";
  readonly nonce: number;
  readonly hashes: readonly string[];

  constructor(nonce: number, hashes: readonly string[]) {
    super(
      `Nonce ${nonce} was sent ${hashes.length} times with rising fees and is not mined: ${hashes.join(", ")}. Look at the chain's gas price and the node's pool, then start the keeper again.`,
    );
    this.nonce = nonce;
    this.hashes = hashes;
  }
}

/** Several transactions in a row were mined and failed: something is not as the keeper thinks. */
export class TooManyReverts extends Error {
  override readonly name = "TooManyReverts";
  readonly inARow: number;

  constructor(inARow: number, hash: string) {
    super(
      `${inARow} transactions in a row were mined and failed, the last is ${hash}. Simulate it at its block to see why before starting the keeper again.`,
    );
    this.inARow = inARow;
  }
}

/** The node stayed away for so many looks in a row that a person must see it. */
export class NodeLost extends Error {
  override readonly name = "NodeLost";
  readonly attempts: number;

  constructor(attempts: number, cause: unknown) {
    super(
      `The node did not answer ${attempts} times in a row. Check it, then start the keeper again.`,
      { cause },
    );
    this.attempts = attempts;
  }
}

/** An account owes a pool that was listed after the market was read. */
export class PoolUnknown extends Error {
  override readonly name = "PoolUnknown";
  readonly pool: bigint;

  constructor(pool: bigint) {
    super(
      `Pool ${pool} is not in the market that was read: it was listed a moment ago. Start the keeper again.`,
    );
    this.pool = pool;
  }
}

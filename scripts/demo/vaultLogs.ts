// The events of the vault, decoded.
import type { EventFragment, Log, Result } from "ethers";
import type { LocalSystem } from "../localSystem.ts";

/** An event of the vault. */
export interface VaultLog {
  readonly log: Log;
  readonly name: string;
  readonly args: Result;
}

/** All events of the vault since `fromBlock`, in order. */
export async function readVaultLogs(
  { vault, vaultAddress, provider }: LocalSystem,
  fromBlock: number,
): Promise<readonly VaultLog[]> {
  // `parseLog` hashes the signatures of all events again for every log
  const events = new Map<string, EventFragment>();
  vault.interface.forEachEvent((event) => events.set(event.topicHash, event));
  const logs = await provider.getLogs({ address: vaultAddress, fromBlock });
  return logs.flatMap((log) => {
    const event = events.get(log.topics[0] ?? "");
    if (event === undefined) return [];
    const args = vault.interface.decodeEventLog(event, log.data, log.topics);
    return [{ log, name: event.name, args }];
  });
}

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A JSON-RPC request as it passes by. */
export interface PassingRequest {
  readonly id: unknown;
  readonly method: string;
  readonly params: unknown;
}

/** What happens to a request: it passes, the connection breaks, or it is answered with an error. */
export type Verdict =
  | { readonly type: "pass" }
  | { readonly type: "break" }
  | { readonly type: "error"; readonly error: object };

/** A way to a node on which requests can be judged. */
export interface NodeProxy {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Starts a proxy before a node on a free loopback port; a request waits for its verdict. */
export async function startProxy(
  nodeUrl: string,
  judge: (request: PassingRequest) => Verdict | Promise<Verdict>,
): Promise<NodeProxy> {
  const server = createServer(async (incoming, outgoing) => {
    const body = await text(incoming);
    const request = JSON.parse(body) as PassingRequest;
    const verdict = await judge(request);
    if (verdict.type === "break") {
      outgoing.destroy();
      return;
    }
    const answer =
      verdict.type === "pass"
        ? await (await fetch(nodeUrl, { method: "POST", body, headers: JSON_HEADERS })).text()
        : JSON.stringify({ jsonrpc: "2.0", id: request.id, error: verdict.error });
    outgoing.writeHead(200, JSON_HEADERS).end(answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const JSON_HEADERS = { "content-type": "application/json" };

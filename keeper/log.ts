// The only place of the keeper that writes. One JSON object for each line; `msg` is constant text.
import { type DestinationStream, type Logger, pino } from "pino";

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** A logger that writes to standard output, or to `destination`; bigints become decimal strings. */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: withText },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function withText(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toText(value)]));
}

/** JSON knows no bigint, and a float would round it. */
function toText(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(toText);
  if (typeof value === "object" && value !== null && value.constructor === Object) {
    return withText({ ...value });
  }
  return value;
}

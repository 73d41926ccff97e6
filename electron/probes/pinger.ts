/** The one way to send ICMP echo requests. Implementations: fping.ts (batches), npm-ping.ts (fallback); see choose-pinger.ts. */
import type { Failure } from '../../shared/model/words.ts';

export interface PingRequest {
  /** A literal IPv4 or IPv6 address; pingers refuse anything else. */
  address: string;
  packets: number;
  /** Longest wait for each reply. */
  replyTimeoutMs: number;
}
/** Round trips in ms in the order sent, null for a lost packet; or why nothing is known. */
export type PingReply = { ok: true; rttsMs: (number | null)[] } | { ok: false; failure: Failure };

export interface Pinger {
  readonly name: 'fping' | 'ping';
  /** Never rejects. When the signal comes first, nothing is known: failure `internal`. */
  ping(request: PingRequest, signal: AbortSignal): Promise<PingReply>;
  /** Ends child processes; nothing is sent afterwards. */
  close(): void;
}

/** Time between two packets to one address. */
export const periodMs = 200;
/** Requests that come within this time share a process. */
export const gatherMs = 100;
/** Addresses that share a process; one packet is sent per ms, so a round takes as many ms at best. */
export const mostTogether = 200;
/** Such a round on a busy computer, where each packet goes out a little late: 20 rounds with 250 addresses were seen to take 5.5 s instead of 5. */
const roundMs = 250;
/** To start a process and read what it says, on a busy computer. */
const slackMs = 300;

/** How long it takes at most until the last of some packets is sent. */
export const sendingMs = (packets: number): number => gatherMs + slackMs + packets * Math.max(periodMs, roundMs);

export const givenUp: PingReply = { ok: false, failure: { code: 'internal', detail: 'the pings were not done in time' } };
export const closing: PingReply = { ok: false, failure: { code: 'internal', detail: 'Nightdesk was closing' } };
export const notAnAddress: PingReply = { ok: false, failure: { code: 'internal', detail: 'only IP addresses can be pinged' } };

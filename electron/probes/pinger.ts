/** The one way to send ICMP echo requests. Implementations: fping.ts (batches), npm-ping.ts (fallback). */
import type { Failure } from '../../shared/model/words.ts';

export interface PingRequest {
  /** A literal IPv4 or IPv6 address, checked with net.isIP by the caller. */
  address: string;
  packets: number;
  /** Longest wait for each reply. */
  replyTimeoutMs: number;
}
/** Round trips in ms in the order sent, null for a lost packet; or why none could be sent. */
export type PingReply = { ok: true; rttsMs: (number | null)[] } | { ok: false; failure: Failure };

export interface Pinger {
  readonly name: 'fping' | 'ping';
  ping(request: PingRequest, signal: AbortSignal): Promise<PingReply>;
  /** Ends child processes; nothing is sent afterwards. */
  close(): void;
}

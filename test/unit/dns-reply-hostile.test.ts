/** Messages of DNS that somebody made up are read soon and harmlessly, or not at all. */
import packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataOf, decodeReply, valuesOf } from '../../electron/probes/dns-reply.ts';
import { cpuMs } from '../support/cpu-time.ts';

/** What is in a message must come out as harmless text, soon, or not at all. */
function digest(message: Buffer): void {
  const begin = cpuMs();
  const reply = decodeReply(message);
  if (reply) {
    for (const it of [...(reply.answers ?? []), ...(reply.authorities ?? []), ...(reply.additionals ?? [])])
      expect(dataOf(it)).toMatch(/^[^\p{Cc}\p{Bidi_Control}]{0,300}$/u);
    valuesOf(reply.answers, 'A');
  }
  expect(cpuMs() - begin).toBeLessThan(250);
}

describe('DNS messages that somebody made up', () => {
  const label = fc.stringMatching(/^[a-z0-9]{1,12}$/);
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  const record: fc.Arbitrary<packet.Answer> = fc.oneof(
    fc.record({ type: fc.constant('A' as const), name, ttl: fc.nat(), data: fc.ipV4() }),
    fc.record({ type: fc.constant('NS' as const), name, ttl: fc.nat(), data: name }),
    fc.record({ type: fc.constant('MX' as const), name, ttl: fc.nat(), data: fc.record({ preference: fc.nat(65_535), exchange: name }) }),
    fc.record({
      type: fc.constant('TXT' as const),
      name,
      ttl: fc.nat(),
      data: fc.array(fc.string({ maxLength: 60 }), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      type: fc.constant('SOA' as const),
      name,
      ttl: fc.nat(),
      data: fc.record({
        mname: name,
        rname: name,
        serial: fc.nat(),
        refresh: fc.nat(),
        retry: fc.nat(),
        expire: fc.nat(),
        minimum: fc.nat(),
      }),
    }),
    fc.record({
      type: fc.constant('SRV' as const),
      name,
      ttl: fc.nat(),
      data: fc.record({ port: fc.nat(65_535), target: name, priority: fc.nat(9), weight: fc.nat(9) }),
    }),
  );
  const message = fc
    .record({
      question: name,
      answers: fc.array(record, { maxLength: 5 }),
      authorities: fc.array(record, { maxLength: 3 }),
      additionals: fc.array(record, { maxLength: 3 }),
    })
    .map(({ question, answers, authorities, additionals }) =>
      packet.encode({
        type: 'response',
        id: 7,
        questions: [{ name: question, type: 'A', class: 'IN' }],
        answers,
        authorities,
        additionals,
      }),
    );

  it('whole ones are read', () => {
    fc.assert(
      fc.property(message, (bytes) => {
        expect(decodeReply(bytes)).not.toBeNull();
      }),
      { numRuns: 500 },
    );
  });
  it('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => digest(Buffer.from(bytes))),
      { numRuns: 3_000 },
    );
  });
  it('cut off anywhere is not read', () => {
    fc.assert(
      fc.property(message, fc.nat(), (bytes, at) => {
        expect(decodeReply(bytes.subarray(0, at % bytes.length))).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });
  it('with some bytes changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(0, 0xc0, 0xff, 63, 64), fc.integer({ min: 0, max: 255 }))), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(message, changes, (bytes, all) => {
        for (const [at, value] of all) bytes[at % bytes.length] = value;
        digest(bytes);
      }),
      { numRuns: 5_000 },
    );
  });

  /** One record of unknown type whose data is a chain of pointers, then as many records as fit whose names are its end. */
  function bomb(step: (at: number) => number): Buffer {
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0x8000, 2);
    const chain = Buffer.alloc(16_000);
    const start = 12 + 11;
    for (let at = 2; at + 1 < chain.length; at += 2) chain.writeUInt16BE(0xc000 | step(start + at), at);
    const carrier = Buffer.alloc(11);
    carrier.writeUInt16BE(999, 1);
    carrier.writeUInt16BE(chain.length, 9);
    const end = start + chain.length - 2;
    const one = Buffer.alloc(14);
    one.writeUInt16BE(0xc000 | end, 0);
    one.writeUInt16BE(2, 2);
    one.writeUInt16BE(2, 10);
    one.writeUInt16BE(0xc000 | end, 12);
    const times = Math.floor((65_535 - start - chain.length) / one.length);
    head.writeUInt16BE(times + 1, 6);
    return Buffer.concat([head, carrier, chain, ...Array<Buffer>(times).fill(one)]);
  }
  it.each<[string, Buffer]>([
    ['a chain of pointers, asked for by thousands of names', bomb((at) => at - 2)],
    ['pointers to themselves', bomb((at) => at)],
    ['pointers forward', bomb((at) => at + 2)],
    ['nothing but pointers', Buffer.alloc(65_535, 0xc0)],
    ['nothing but labels', Buffer.alloc(65_535, 1)],
    ['the most records, none of them there', Buffer.from('000780000001ffffffffffff', 'hex')],
    ['64 KB of ones', Buffer.alloc(65_535, 0xff)],
  ])('%s', (_, bytes) => {
    const begin = cpuMs();
    expect(decodeReply(bytes)).toBeNull();
    expect(cpuMs() - begin).toBeLessThan(50);
  });
});

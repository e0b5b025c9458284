import { expect, test } from 'vitest';
import { Timeline, type Signal } from '../../rtc/timeline.ts';
import { learnedBy } from './learned.ts';

const candidate = (text: string): Signal => ({
  candidate: { candidate: text, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null },
});
const name = '0a1b2c3d-0000-4000-8000-000000000000.local';

function known(...signals: Signal[]) {
  const timeline = new Timeline();
  signals.forEach((signal, index) =>
    timeline.append('bob', { kind: 'signal-received', id: `a${index}`, from: 'alice', signal }),
  );
  timeline.append('alice', {
    kind: 'signal-received',
    id: 'b0',
    from: 'bob',
    signal: candidate('candidate:9 1 udp 1 198.51.100.77 9 typ host'),
  });
  return learnedBy(timeline.entries, 'bob').map(({ what, value }) => `${what}: ${value}`);
}

test('a hidden host and a reflexive address: the first is a name, the second gives the address away', () => {
  expect(
    known(
      candidate(`candidate:1 1 udp 2113937151 ${name} 50000 typ host generation 0 network-cost 999`),
      candidate('candidate:2 1 udp 1677729535 203.0.113.5 61000 typ srflx raddr 0.0.0.0 rport 0'),
    ),
  ).toEqual(['public: 203.0.113.5', `hidden: ${name}`]);
});

test('a relay tells the address behind it, unless that is hidden; the kind of network is told, too', () => {
  const relay = 'candidate:3 1 udp 41885439 192.0.2.1 49160 typ relay';
  expect(known(candidate(`${relay} raddr 0.0.0.0 rport 0`))).toEqual(['relay: 192.0.2.1']);
  expect(known(candidate(`${relay} raddr 203.0.113.5 rport 61000 network-cost 10`))).toEqual([
    'behind: 203.0.113.5',
    'relay: 192.0.2.1',
    'network: network-cost 10',
  ]);
});

test.each(['10.0.0.7', '172.20.1.1', '192.168.1.9', '169.254.3.3', '100.64.0.5', 'fd00::1', 'fe80::1'])(
  '%s is an address inside a network',
  (address) => {
    expect(known(candidate(`candidate:1 1 udp 1 ${address} 5 typ host`))).toEqual([`private: ${address}`]);
  },
);

test('a description tells browser, codecs and certificate, and the candidates that it holds', () => {
  const sdp = [
    'v=0',
    'o=mozilla...THIS_IS_SDPARTA-99.0 123 0 IN IP4 0.0.0.0',
    'a=fingerprint:sha-256 AA:BB:CC:DD:EE:FF:00:11:22:33',
    'm=audio 9 UDP/TLS/RTP/SAVPF 109',
    'a=rtpmap:109 opus/48000/2',
    'a=candidate:1 1 udp 1 8.8.4.4 5 typ host',
    '',
  ].join('\r\n');
  expect(known({ description: { type: 'offer', sdp } }, { description: { type: 'offer', sdp } })).toEqual([
    'public: 8.8.4.4',
    'browser: Firefox',
    'codecs: opus',
    'certificate: AA:BB:CC:DD:EE:FF:00:11…',
  ]);
});

test('nothing received, nothing learned', () => {
  expect(known({ candidate: null }, candidate('candidate:nonsense'))).toEqual([]);
});

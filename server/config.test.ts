import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'peerscope-'));
const notPem = join(folder, 'not.pem');
writeFileSync(notPem, 'hello');

test('without variables it is a server for this machine on port 3000', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    https: { kind: 'off' },
    allowedOrigins: [],
    graceMs: 10_000,
  });
});

test('an empty variable counts as not set', () => {
  expect(readConfig({ PORT: '', HOST: ' ', REDIS_URL: '' })).toEqual(readConfig({}));
});

test.each([
  [{ PORT: '0' }, { port: 0 }],
  [{ HOST: '0.0.0.0' }, { host: '0.0.0.0' }],
  [{ HOST: '::1' }, { host: '::1' }],
  [{ HOST: 'lab-7.local' }, { host: 'lab-7.local' }],
  [{ HTTPS: 'on' }, { https: { kind: 'self-signed' } }],
  [
    { ALLOWED_ORIGINS: 'https://a.example/, http://b.example:8080' },
    { allowedOrigins: ['https://a.example', 'http://b.example:8080'] },
  ],
  [{ GRACE_MS: '2000' }, { graceMs: 2_000, restoringMs: 7_000 }],
  [{ TURN: 'off' }, { turn: { kind: 'off' } }],
  [{}, { classroom: undefined }],
  [{ CLASSROOM: 'on' }, { classroom: true }],
  [{ CLASSROOM: 'off' }, { classroom: false }],
  [{}, { turn: { kind: 'embedded', port: 3478, tlsPort: 5349, peers: ['relays'], lifetimeSec: 600 } }],
  [
    { TURN_PEERS: 'relays, lan', TURN_RELAY_PORTS: '50000-50100', TURN_PORT: '0' },
    { turn: { peers: ['relays', 'lan'], relayPorts: { low: 50_000, high: 50_100 }, port: 0 } },
  ],
  [
    { TURN: 'coturn', TURN_SECRET: 's', TURN_URLS: 'turn:a.example:3478?transport=udp, turns:[::1]:5349' },
    {
      turn: { kind: 'coturn', secret: 's', urls: ['turn:a.example:3478?transport=udp', 'turns:[::1]:5349'] },
    },
  ],
  [{}, { nat: { port: 3490 } }],
  [{ NAT_PORT: '0' }, { nat: { port: 0 } }],
  [{ NAT: 'off' }, { nat: undefined }],
  [{}, { mcu: { seats: 6, ports: undefined } }],
  [{ MCU_SEATS: '4', MCU_PORTS: '41000-41050' }, { mcu: { seats: 4, ports: { low: 41_000, high: 41_050 } } }],
  [{ MCU: 'off' }, { mcu: undefined }],
  [{}, { sfu: { kind: 'embedded', port: 3520, feedback: 'transport-cc' } }],
  [{ SFU_PORT: '0', SFU_FEEDBACK: 'remb' }, { sfu: { kind: 'embedded', port: 0, feedback: 'remb' } }],
  [{ SFU: 'off' }, { sfu: { kind: 'off' } }],
  [
    { SFU: 'janus', JANUS_URL: 'ws://127.0.0.1:8188', JANUS_API_SECRET: 'x' },
    {
      sfu: {
        kind: 'janus',
        url: 'ws://127.0.0.1:8188/',
        secret: 'x',
        roomKey: undefined,
        admin: undefined,
      },
    },
  ],
])('%o is understood', (env, expected) => {
  expect(readConfig(env)).toMatchObject(expected);
});

test.each([
  [{ PORT: '65536' }, 'PORT=65536 is not usable: write a whole number from 0 to 65535, such as PORT=3000.'],
  [{ PORT: '80a' }, 'PORT=80a'],
  [{ PORT: '-1' }, 'PORT=-1'],
  [{ PORT: '3e3' }, 'PORT=3e3'],
  [{ HOST: 'http://localhost' }, 'HOST=http://localhost is not usable: write an address or name'],
  [{ HOST: '127.0.0.1:3000' }, 'HOST=127.0.0.1:3000'],
  [{ HOST: '300.1.1.1' }, 'HOST=300.1.1.1'],
  [{ HTTPS: 'yes' }, 'HTTPS=yes is not usable: write one of on, off.'],
  [{ HTTPS_CERT: '/cert.pem' }, 'HTTPS_KEY is missing'],
  [{ HTTPS: 'on', HTTPS_KEY: '/key.pem' }, 'HTTPS_CERT is missing'],
  [{ HTTPS: 'off', HTTPS_CERT: '/cert.pem' }, 'but HTTPS is off'],
  [
    { HTTPS_CERT: '/no/such.pem', HTTPS_KEY: '/no/such.pem' },
    'HTTPS_CERT=/no/such.pem cannot be read (ENOENT)',
  ],
  [{ HTTPS_CERT: notPem, HTTPS_KEY: notPem }, 'is not a PEM file'],
  [{ ALLOWED_ORIGINS: 'lab.example.org' }, '"lab.example.org", which is not an origin'],
  [{ ALLOWED_ORIGINS: 'https://a.example/path' }, 'not an origin'],
  [{ ALLOWED_ORIGINS: '*' }, 'not an origin'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL=loud is not usable: write one of silent'],
  [{ GRACE_MS: '10s' }, 'GRACE_MS=10s'],
  [{ ROOM_SEATS: '1' }, 'ROOM_SEATS=1'],
  [{ MEETING_SEATS: '1000' }, 'MEETING_SEATS=1000'],
  [{ MAX_ROOMS: '0' }, 'MAX_ROOMS=0'],
  [{ NAT: 'yes' }, 'NAT=yes is not usable: write one of on, off.'],
  [{ NAT_PORT: '70000' }, 'NAT_PORT=70000'],
  [{ MCU_SEATS: '40' }, 'MCU_SEATS=40 is not usable: write a whole number from 2 to 16'],
  [{ MCU_PORTS: '41000' }, 'MCU_PORTS=41000 is not usable: write two ports from 1024 to 65535'],
  [{ MCU: 'off', MCU_SEATS: '4' }, 'MCU_SEATS is set, but MCU is off'],
  [{ SESSION_SECRET: 'short' }, 'SESSION_SECRET is too short'],
  [{ TURN: 'on' }, 'TURN=on is not usable: write one of embedded, coturn, off.'],
  [{ TURN: 'coturn' }, 'TURN=coturn needs the server'],
  [{ TURN: 'coturn', TURN_URLS: 'turn:a.example' }, 'TURN=coturn needs TURN_SECRET'],
  [{ TURN: 'coturn', TURN_SECRET: 's', TURN_URLS: 'https://a.example' }, 'which is no STUN or TURN address'],
  [{ TURN: 'coturn', TURN_SECRET: 's', TURN_URLS: 'turn:me@a.example' }, 'which is no STUN or TURN address'],
  [{ TURN: 'coturn', TURN_SECRET: 's', TURN_URLS: 'stun:a.example' }, 'begins with turn:'],
  [{ TURN: 'off', TURN_PORT: '3478' }, 'TURN_PORT is set, but TURN is off'],
  [{ TURN_SECRET: 's' }, 'TURN_SECRET is set, but TURN is embedded: write TURN=coturn, or remove'],
  [{ TURN_PORT: '1000' }, 'browsers ignore STUN and TURN servers on most ports below 1024'],
  [{ TURN_PEERS: 'all' }, 'TURN_PEERS has "all": write one or more of relays, machine, lan, internet'],
  [{ TURN_RELAY_PORTS: '60000-50000' }, 'TURN_RELAY_PORTS=60000-50000 is not usable'],
  [{ TURN_LIFETIME_SEC: '5' }, 'TURN_LIFETIME_SEC=5'],
  [{ REDIS_URL: 'redis://localhost' }, 'REDIS_URL is set'],
  [{ SFU: 'mediasoup' }, 'SFU=mediasoup is not usable: write one of embedded, janus, off.'],
  [{ SFU: 'janus' }, 'SFU=janus needs the address of its WebSocket'],
  [{ SFU: 'janus', JANUS_URL: 'http://127.0.0.1:8088' }, 'JANUS_URL=http://127.0.0.1:8088 is no address'],
  [{ SFU: 'janus', JANUS_URL: 'ws://a', JANUS_ADMIN_URL: 'ws://a' }, 'JANUS_ADMIN_SECRET is missing'],
  [{ SFU: 'janus', JANUS_URL: 'ws://a', SFU_PORT: '1' }, 'SFU_PORT is set, but SFU is janus'],
  [{ JANUS_URL: 'ws://a' }, 'JANUS_URL is set, but SFU is embedded: write SFU=janus'],
  [{ SFU: 'off', SFU_PORT: '3520' }, 'SFU_PORT is set, but SFU is off'],
  [{ SFU_PORT: '70000' }, 'SFU_PORT=70000'],
  [{ SFU_FEEDBACK: 'twcc' }, 'SFU_FEEDBACK=twcc is not usable: write one of transport-cc, remb.'],
])('%o stops the start with a sentence', (env, sentence) => {
  expect(() => readConfig(env)).toThrow(ConfigError);
  expect(() => readConfig(env)).toThrow(sentence);
});

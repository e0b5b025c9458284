import type { ServerResponse } from 'node:http';

const OURS = [
  'camera',
  'microphone',
  'display-capture',
  'autoplay',
  'speaker-selection',
  'picture-in-picture',
  'fullscreen',
];
const NOBODYS = ['geolocation', 'payment', 'usb', 'serial', 'hid', 'midi', 'accelerometer', 'gyroscope'];

/** What every answer carries, whatever it is. The policy for scripts comes per page, see csp.ts. */
const headers = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': [
    ...OURS.map((name) => `${name}=(self)`),
    ...NOBODYS.map((name) => `${name}=()`),
  ].join(', '),
};

export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** A short answer in words. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.end(response.req.method === 'HEAD' ? undefined : `${text}\n`);
}

export function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.end(response.req.method === 'HEAD' ? undefined : `${JSON.stringify(value)}\n`);
}

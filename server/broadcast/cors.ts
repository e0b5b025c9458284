import type { ServerResponse } from 'node:http';

/** Any page and any program may ask: what counts is the token, and no cookie is ever looked at. */
export function setCors(response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type, If-Match');
  response.setHeader(
    'Access-Control-Expose-Headers',
    'Location, ETag, Link, Retry-After, Accept-Post, Accept-Patch',
  );
  response.setHeader('Access-Control-Max-Age', '600');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
}

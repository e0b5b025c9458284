import type { ServerResponse } from 'node:http';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** A request that is answered with a status of 4xx or 5xx. The message is a sentence for whoever made the request. */
export class Problem extends Error {
  override name = 'Problem';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

/** Writes it as a problem description (RFC 9457). */
export function sendProblem(response: ServerResponse, { status, message, headers }: Problem): void {
  if (response.headersSent) return void response.end();
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  const problem = { title: titles[status] ?? 'Error', status, detail: message };
  response.end(response.req.method === 'HEAD' ? undefined : `${JSON.stringify(problem)}\n`);
}

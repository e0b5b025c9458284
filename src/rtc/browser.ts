/** `Chromium 156`, `Firefox 153`; else what the browser calls itself. */
export function browserAndVersion(userAgent: string): string {
  const [, name, version] = /(Firefox|Edg|OPR|Chrome|Version)\/(\d+)/.exec(userAgent) ?? [];
  if (name === 'Version') return `Safari ${version}`;
  return name ? `${name === 'Chrome' ? 'Chromium' : name} ${version}` : userAgent;
}

export async function run(): Promise<string> {
  const data: unknown = new Blob(['{"type":"createOffer"}']); // as event.data holds it
  const message = JSON.parse(String(data)) as { type: string };
  return message.type;
}

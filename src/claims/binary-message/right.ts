export async function run(): Promise<string> {
  const data: unknown = new Blob(['{"type":"createOffer"}']);
  const text = data instanceof Blob ? await data.text() : String(data);
  const message = JSON.parse(text) as { type: string };
  return message.type;
}

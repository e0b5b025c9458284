export async function run(): Promise<string> {
  const messages = [
    { content: 'first', sentAt: new Date('2026-03-01T10:00:00.100Z') },
    { content: 'second', sentAt: new Date('2026-03-02T10:00:00.200Z') },
    { content: 'third', sentAt: new Date('2026-03-02T10:00:00.300Z') },
  ];
  const time = ({ sentAt }: { sentAt: Date }) => sentAt.toISOString();
  const order = messages.toSorted((one, other) =>
    time(one) < time(other) ? -1 : time(one) > time(other) ? 1 : 0,
  );
  return order.map(({ content }) => content).join(', ');
}

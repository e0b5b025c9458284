import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EndpointTable } from './endpoint-table.ts';

test('a table of endpoints finds what was added, by address and port', () => {
  const endpoint = fc.record({
    address: fc.constantFrom('192.0.2.1', '192.0.2.2', '::1'),
    port: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), endpoint)), (steps) => {
      const table = new EndpointTable<{ address: string; port: number }>();
      const model = new Map<string, { address: string; port: number }>();
      for (const [adds, one] of steps) {
        const name = `${one.address} ${one.port}`;
        if (adds) {
          table.add(one);
          model.set(name, one);
        } else {
          table.delete(one);
          model.delete(name);
        }
        expect(table.find(one.address, one.port)).toBe(model.get(name));
        expect(table.size).toBe(model.size);
      }
      expect(new Set(table.all())).toEqual(new Set(model.values()));
    }),
  );
});

/** The process of `startTurn()`. */
import { openTurn, type TurnOptions } from './turn.ts';

const { address, port, secret } = await openTurn(JSON.parse(process.argv[2] ?? '{}') as TurnOptions);
process.on('disconnect', () => process.exit());
process.send?.({ address, port, secret });

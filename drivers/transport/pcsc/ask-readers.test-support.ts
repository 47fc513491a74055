/** A program that asks the card service for its readers and has nothing more to do. */
import { pcsc } from './pcsc-service.ts';

const readers = await pcsc.readers();
process.exitCode = readers.ok ? 0 : 1;

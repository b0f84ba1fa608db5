import type { Role } from "../api/types.ts";

const ORDER: readonly Role[] = ["viewer", "operator", "owner"];

/** Whether `role` may do what asks for `least`. The server decides; the page only leaves out what it would refuse. */
export const may = (role: Role, least: Role): boolean => ORDER.indexOf(role) >= ORDER.indexOf(least);

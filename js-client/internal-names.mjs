// Which property names the build may shorten: those of functions that only our own code has and calls. Functions never travel
// (structured clones refuse them, JSON leaves them out), so such a name is never in a message, in storage or on the wire.
import { fileURLToPath } from "node:url";
import ts from "typescript";

const here = fileURLToPath(new URL(".", import.meta.url));
const sources = `${here}src/`;

/** All of the client's sources, with the types that browsers give to pages and to workers. */
function program() {
	const configs = ["tsconfig.page.json", "tsconfig.worker.json"].map((name) => {
		const { config } = ts.readConfigFile(here + name, ts.sys.readFile);
		return ts.parseJsonConfigFileContent(config, ts.sys, here);
	});
	const libraries = new Set(configs.flatMap(({ options }) => options.lib));
	const files = new Set(configs.flatMap(({ fileNames }) => fileNames));
	return ts.createProgram([...files], { ...configs[0].options, lib: [...libraries] });
}

const isFunction = (node, checker) =>
	ts.isMethodDeclaration(node) ||
	ts.isMethodSignature(node) ||
	ts.isAccessor(node) ||
	checker.getNonNullableType(checker.getTypeAtLocation(node)).getCallSignatures().length > 0;

const isProperty = (node) =>
	ts.isPropertySignature(node) ||
	ts.isPropertyDeclaration(node) ||
	ts.isPropertyAssignment(node) ||
	ts.isShorthandPropertyAssignment(node);

/** Where values come in or go out whose types the compiler takes our word for: their names are not ours alone. */
const isDoor = (node) =>
	(ts.isAsExpression(node) && !ts.isConstTypeReference(node.type)) ||
	ts.isTypePredicateNode(node) ||
	ts.isModuleDeclaration(node) ||
	(ts.isVariableStatement(node) && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)) ||
	// what hls.js calls
	(ts.isSourceFile(node) && node.fileName === `${sources}hls/contract.ts`);

/** What a module for other people's scripts exports. */
const MODULE = `${sources}hls/loader.ts`;

/**
 * Names that are declared as functions, and as nothing else; by our sources, and by no browser, nor in what pages see of the
 * client; and that are no text anywhere in the sources, by which a property could be got at.
 *
 * @returns {string[]}
 */
export function internalNames() {
	const all = program();
	const checker = all.getTypeChecker();
	const functions = new Set();
	const others = new Set();
	const reached = new Set();

	/** What a value of a type leads to is seen by others as well. */
	function reach(type) {
		if (reached.has(type)) return;
		reached.add(type);
		const types = [...(type.types ?? []), ...checker.getTypeArguments(type)];
		for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
			types.push(signature.getReturnType(), ...signature.parameters.map((one) => checker.getTypeOfSymbol(one)));
		}
		for (const property of checker.getPropertiesOfType(type)) {
			const declaration = property.declarations?.[0];
			if (!declaration?.getSourceFile().fileName.startsWith(sources) || ts.isPrivateIdentifier(declaration.name))
				continue;
			others.add(property.name);
			types.push(checker.getTypeOfSymbol(property));
		}
		for (const one of types) reach(one);
	}

	function look(node, isOurs, isOpen) {
		const open = isOpen || isDoor(node);
		const name = node.name && (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name)) && node.name.text;
		if (!isOurs || open) {
			if (name) others.add(name);
			if (isOurs && ts.isTypeNode(node)) reach(checker.getTypeAtLocation(node));
		} else if (ts.isStringLiteralLike(node)) others.add(node.text);
		else if (
			name &&
			(ts.isMethodDeclaration(node) || ts.isMethodSignature(node) || ts.isAccessor(node) || isProperty(node))
		) {
			(isFunction(node, checker) ? functions : others).add(name);
		}
		ts.forEachChild(node, (child) => look(child, isOurs, open));
	}

	const module = checker.getSymbolAtLocation(all.getSourceFile(MODULE));
	for (const one of checker.getExportsOfModule(module)) reach(checker.getTypeOfSymbol(one));
	for (const file of all.getSourceFiles()) look(file, file.fileName.startsWith(sources), false);
	return [...functions].filter((name) => !others.has(name)).sort();
}

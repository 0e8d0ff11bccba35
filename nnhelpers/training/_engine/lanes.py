"""Sixteen float32 side by side, as a type of Numba's: the same arithmetic on every processor.

A value of this type is one vector of LLVM's; a processor with narrower registers takes it in
pieces. Memory is one flat array of float32, and a place in it is a whole number.
"""

import operator

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, register_model

from nnhelpers.training._engine.places import LANES

# Of a function of the loop; a division by 0 is infinite, as in NumPy.
compiled = njit(error_model="numpy")
inlined = njit(forceinline=True, error_model="numpy")

_FLOATS = ir.VectorType(ir.FloatType(), LANES)
_INTS = ir.VectorType(ir.IntType(32), LANES)
_INDEX = ir.IntType(32)


class _LanesType(types.Type):
    def __init__(self) -> None:
        super().__init__(name="Lanes")


lanes_type = _LanesType()


@register_model(_LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager, kind) -> None:
        super().__init__(manager, kind, _FLOATS)


def _operation(which, name: str, arguments: int) -> None:
    """Let an operator of Python's work on lanes, by an instruction of LLVM's."""
    kinds = (lanes_type,) * arguments

    @infer_global(which)
    class _Template(AbstractTemplate):
        def generic(self, args, kws):
            return signature(lanes_type, *kinds) if args == kinds else None

    @lower_builtin(which, *kinds)
    def _lower(context, builder, signature, args):
        return getattr(builder, name)(*args)


_operation(operator.add, "fadd", 2)
_operation(operator.sub, "fsub", 2)
_operation(operator.mul, "fmul", 2)
_operation(operator.truediv, "fdiv", 2)
_operation(operator.neg, "fneg", 1)


def _element(context, builder, array_type, args):
    array = context.make_array(array_type)(context, builder, args[0])
    return builder.gep(array.data, [args[1]])


def _everywhere(builder, number, kind):
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), number, _INDEX(0))
    zeros = ir.Constant(ir.VectorType(_INDEX, LANES), [0] * LANES)
    return builder.shuffle_vector(first, ir.Constant(kind, ir.Undefined), zeros)


@intrinsic
def load(typing, memory, place):
    """Return the sixteen numbers from a place on."""

    def lower(context, builder, signature, args):
        pointer = _element(context, builder, signature.args[0], args)
        value = builder.load(builder.bitcast(pointer, _FLOATS.as_pointer()))
        value.align = 4
        return value

    return lanes_type(memory, types.intp), lower


@intrinsic
def store(typing, memory, place, value):
    """Write sixteen numbers from a place on."""

    def lower(context, builder, signature, args):
        pointer = _element(context, builder, signature.args[0], args)
        builder.store(args[2], builder.bitcast(pointer, _FLOATS.as_pointer())).align = 4
        return context.get_dummy_value()

    return types.void(memory, types.intp, lanes_type), lower


@intrinsic
def spread(typing, memory, place):
    """Return the number at a place, sixteen times."""

    def lower(context, builder, signature, args):
        number = builder.load(_element(context, builder, signature.args[0], args))
        return _everywhere(builder, number, _FLOATS)

    return lanes_type(memory, types.intp), lower


@intrinsic
def lanes(typing, number):
    """Return a number, sixteen times."""

    def lower(context, builder, signature, args):
        return _everywhere(builder, args[0], _FLOATS)

    return lanes_type(types.float32), lower


def _choice(comparison: str):
    def choose(typing, one, other, then, otherwise):
        def lower(context, builder, signature, args):
            return builder.select(builder.fcmp_ordered(comparison, *args[:2]), *args[2:])

        return lanes_type(*(lanes_type,) * 4), lower

    return intrinsic(choose)


# A comparison with a number that is none is false.
where_greater = _choice(">")
where_less = _choice("<")
where_equal = _choice("==")


@intrinsic
def square_root(typing, value):
    """Return the square roots, correctly rounded."""

    def lower(context, builder, signature, args):
        kind = ir.FunctionType(_FLOATS, [_FLOATS])
        name = f"llvm.sqrt.v{LANES}f32"
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), args)

    return lanes_type(lanes_type), lower


@intrinsic
def total(typing, value):
    """Return the sum: the upper half is added to the lower one, four times over."""

    def lower(context, builder, signature, args):
        (rest,) = args
        for half in (8, 4, 2, 1):
            parts = [
                builder.shuffle_vector(
                    rest,
                    ir.Constant(rest.type, ir.Undefined),
                    ir.Constant(ir.VectorType(_INDEX, half), list(range(start, start + half))),
                )
                for start in (0, half)
            ]
            rest = builder.fadd(*parts)
        return builder.extract_element(rest, _INDEX(0))

    return types.float32(lanes_type), lower


def _bits(recipe):
    def convert(typing, value):
        def lower(context, builder, signature, args):
            return recipe(builder, builder.bitcast(args[0], _INTS))

        return lanes_type(lanes_type), lower

    return intrinsic(convert)


def _constant(number: int):
    return ir.Constant(_INTS, [number] * LANES)


def _magnitude(builder, bits):
    return builder.bitcast(builder.and_(bits, _constant(0x7FFFFFFF)), _FLOATS)


def _two_to_the(builder, bits):
    return builder.bitcast(builder.shl(builder.add(bits, _constant(127)), _constant(23)), _FLOATS)


def _fraction(builder, bits):
    kept = builder.and_(bits, _constant(0x007FFFFF))
    return builder.bitcast(builder.or_(kept, _constant(0x3F800000)), _FLOATS)


def _exponent(builder, bits):
    raised = builder.and_(builder.lshr(bits, _constant(23)), _constant(255))
    return builder.sitofp(builder.sub(raised, _constant(127)), _FLOATS)


absolute = _bits(_magnitude)
# 2^n of n + 1.5 * 2^23, which holds the whole number n in its lowest bits.
two_to_the = _bits(_two_to_the)
# Parts of a positive number x = fraction * 2^exponent with 1 <= fraction < 2.
fraction = _bits(_fraction)
exponent = _bits(_exponent)
